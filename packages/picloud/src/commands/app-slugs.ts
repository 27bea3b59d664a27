/**
 * `picloud apps`: rename, check-slug, slugs, release-slug.
 *
 * @module
 */
import type { FormerSlug, SlugCheck } from '@picloud/shared'
import type { Command } from 'commander'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { printableLine } from '../terminal/printable.ts'
import { shownTime, showTable } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import {
  type CommandContext,
  connect,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import { warnOfMore } from './listing.ts'

interface RenameOptions extends ServerOptions {
  readonly force?: true
}

interface CheckOptions extends ServerOptions {
  readonly app?: string
}

/** The exit code says whether the slug could be had without force. */
const EXIT_CODES: Readonly<Record<SlugCheck['status'], ExitCode>> = {
  available: EXIT.ok,
  invalid: EXIT.usage,
  reserved: EXIT.usage,
  in_use: EXIT.conflict,
  historical: EXIT.conflict,
}

export function addSlugVerbs(apps: Command, context: CommandContext): void {
  const { terminal } = context

  withServerOptions(
    apps.command('rename').argument('<app>', 'slug or id').argument('<slug>', 'its new slug'),
  )
    .description('give an app another slug; the former one goes on leading to it')
    .option('--force', 'even if the slug leads to another app, which had it before')
    .addHelpText('after', '\nExample:\n  picloud apps rename shop store')
    .action(async (reference: string, slug: string, options: RenameOptions) => {
      const body = { slug, ...(options.force === undefined ? {} : { force: true }) }
      const app = await connect(context, options).call('updateApp', {
        path: { app: reference },
        body,
      })
      if (options.json) return terminal.resultJson(app)
      terminal.progress(`The app has the slug ${app.slug} now; the former one leads to it.`)
    })

  withServerOptions(apps.command('check-slug').argument('<slug>', 'the slug in question'))
    .description('whether an app could be given a slug; changes nothing')
    .option('--app <app>', 'slug or id of the app that would be renamed (default: a new app)')
    .addHelpText(
      'after',
      '\nThe exit code is 0 if it could be had without --force, 6 if an app has or had it, and\n' +
        '2 if no app may have it.\n\nExample:\n  picloud apps check-slug store --app shop',
    )
    .action(async (slug: string, options: CheckOptions) => {
      const query = { slug, ...(options.app === undefined ? {} : { app: options.app }) }
      const check = await connect(context, options).call('checkSlug', { query })
      if (options.json) terminal.resultJson(check)
      else terminal.result(printableLine(`${check.status}: ${inFlags(check.message)}`))
      context.finishWith(check.own ? EXIT.ok : EXIT_CODES[check.status])
    })

  withServerOptions(apps.command('slugs').argument('<app>', 'slug or id'))
    .description('list the slugs an app had before, and who still comes by them')
    .addHelpText('after', '\nExample:\n  picloud apps slugs store')
    .action(async (reference: string, options: ServerOptions) => {
      const path = { app: reference }
      const list = await connect(context, options).list('listFormerSlugs', { path })
      if (options.json) return terminal.resultJson(list)
      showFormerSlugs(terminal, list.items)
      warnOfMore(terminal, list)
    })

  withServerOptions(
    apps
      .command('release-slug')
      .argument('<app>', 'slug or id')
      .argument('<slug>', 'a slug it had before'),
  )
    .description('let a former slug lead nowhere, so that any app can have it')
    .addHelpText('after', '\nExample:\n  picloud apps release-slug store shop')
    .action(async (reference: string, slug: string, options: ServerOptions) => {
      const path = { app: reference, slug }
      await connect(context, options).call('releaseFormerSlug', { path })
      if (!options.json) terminal.progress(`The slug ${slug} leads nowhere now.`)
    })
}

function showFormerSlugs(terminal: Terminal, slugs: readonly FormerSlug[]): void {
  showTable(terminal, {
    header: ['SLUG', 'RETIRED', 'HITS', 'LAST HIT', 'SAFE TO RELEASE'],
    rows: slugs.map((former) => [
      former.slug,
      shownTime(former.retired_at),
      String(former.hits),
      shownTime(former.last_hit_at),
      former.safe_to_release ? 'yes' : `from ${shownTime(former.safe_to_release_at)}`,
    ]),
    none: 'The app has no former slugs.',
  })
}

/** The API speaks of members of its body and of ETags; here there are flags and arguments. */
export function inFlags(message: string): string {
  return message
    .replaceAll(/force: true|"force": true|\?force=true/g, '--force')
    .replace(' with its new ETag', '')
}
