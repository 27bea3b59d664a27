/**
 * `picloud domains`: list, claim, check, release.
 *
 * @module
 */
import type { ApiClient } from '@picloud/api-client'
import { type Domain, type DomainCheck, isId, parseHostPattern } from '@picloud/shared'
import type { Command } from 'commander'
import { NotFoundError } from '../errors.ts'
import { printableLine } from '../terminal/printable.ts'
import { shownTime, showTable } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import {
  type CommandContext,
  connect,
  forceQuery,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import { warnOfMore } from './listing.ts'

interface DomainOptions extends ServerOptions {
  readonly app: string
  readonly force?: true
}

export function addDomainsCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  const domains = program
    .command('domains')
    .helpCommand(false)
    .description('the hosts an app answers for')
  const verb = (name: string) =>
    withServerOptions(domains.command(name)).option('--app <app>', 'slug or id', 'default')

  verb('list')
    .description('list the domains an app claims')
    .action(async (options: DomainOptions) => {
      const list = await connect(context, options).list('listDomains', {
        path: { app: options.app },
      })
      if (options.json) return terminal.resultJson(list)
      showTable(terminal, {
        header: ['PATTERN', 'CLAIMED', 'ID'],
        rows: list.items.map((item) => [item.pattern, shownTime(item.created_at), item.id]),
        none: `The app ${options.app} claims no domain: its routes answer nowhere.`,
      })
      warnOfMore(terminal, list)
    })

  verb('claim')
    .alias('create')
    .description('claim a domain for an app')
    .argument('<pattern>', 'shop.example.com, *.example.com or {tenant}.example.com')
    .addHelpText('after', "\nExample:\n  picloud domains claim '{tenant}.example.com' --app shop")
    .action(async (pattern: string, options: DomainOptions) => {
      const domain = await connect(context, options).call('claimDomain', {
        path: { app: options.app },
        body: { pattern },
      })
      if (options.json) return terminal.resultJson(domain)
      terminal.progress(`The app ${options.app} now answers for ${domain.pattern}.`)
      terminal.result(domain.id)
    })

  verb('check')
    .description('say where a domain leads right now, and with which certificate')
    .argument('<domain>', 'pattern or id')
    .addHelpText('after', '\nExample:\n  picloud domains check shop.example.com --app shop')
    .action(async (reference: string, options: DomainOptions) => {
      const api = connect(context, options)
      const domain = await findDomain(api, options.app, reference)
      const check = await api.call('checkDomain', {
        path: { app: options.app, domain_id: domain.id },
      })
      if (options.json) return terminal.resultJson(check)
      showCheck(terminal, check)
    })

  verb('release')
    .alias('delete')
    .description('give a domain back')
    .argument('<domain>', 'pattern or id')
    .option('--force', 'even if routes still need it: they are switched off')
    .addHelpText('after', '\nExample:\n  picloud domains release shop.example.com --app shop')
    .action(async (reference: string, options: DomainOptions) => {
      const api = connect(context, options)
      const domain = await findDomain(api, options.app, reference)
      await api.call('releaseDomain', {
        path: { app: options.app, domain_id: domain.id },
        query: forceQuery(options),
      })
      if (!options.json) terminal.progress(`Released ${domain.pattern}.`)
    })
}

function showCheck(terminal: Terminal, { dns, tls }: DomainCheck): void {
  // Names and texts of it are other people's.
  terminal.result(`DNS: ${dns.state}. ${printableLine(dns.message)}`)
  for (const { type, name, value } of dns.found) {
    terminal.result(`  found   ${printableLine(`${name} ${type} ${value}`)}`)
  }
  for (const { line } of dns.needed) {
    if (line !== null) terminal.result(`  needed  ${line}`)
  }
  terminal.result(`TLS: ${printableLine(tls.message)}`)
  if (tls.certificate === null) return
  const { subject, issuer, valid_from, valid_to } = tls.certificate
  terminal.result(`  ${printableLine(`${subject}, issued by ${issuer}`)}`)
  terminal.result(`  from ${shownTime(valid_from)} to ${shownTime(valid_to)}`)
}

async function findDomain(api: ApiClient, app: string, reference: string): Promise<Domain> {
  const pattern = isId(reference) ? null : parseHostPattern(reference).text
  const { items } = await api.list('listDomains', { path: { app } })
  const found = items.find((item) => item.id === reference || item.pattern === pattern)
  if (found !== undefined) return found
  throw new NotFoundError(`The app "${app}" does not claim ${reference}.`)
}
