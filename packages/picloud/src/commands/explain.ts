/**
 * `picloud explain`: how a request would be placed, and why.
 *
 * @module
 */
import type { ExplanationOfRequest } from '@picloud/shared'
import type { Command } from 'commander'
import { showTable } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import {
  type CommandContext,
  connect,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'

interface ExplainOptions extends ServerOptions {
  readonly method: string
}

export function addExplainCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  withServerOptions(program.command('explain'))
    .description('say which claims and routes are in question for a URL, which wins and why')
    .argument('<url>', 'https://shop.example.com/users/7; the scheme may be left out')
    .option('--method <method>', 'of the request', 'GET')
    .addHelpText(
      'after',
      '\nExamples:\n  picloud explain https://shop.example.com/users/7\n' +
        '  picloud explain shop.example.com/cart --method POST',
    )
    .action(async (url: string, options: ExplainOptions) => {
      const { method } = options
      const explained = await connect(context, options).call('explainRequest', {
        query: { url, method },
      })
      if (options.json) return terminal.resultJson(explained)
      showExplanation(terminal, explained)
    })
}

function showExplanation(terminal: Terminal, explained: ExplanationOfRequest): void {
  const { method, host, path, claims, routes, outcome, status, params } = explained
  terminal.result(`${method} ${host}${path}`)
  if (claims.length > 0) {
    terminal.result('')
    showTable(terminal, {
      header: ['CLAIM', 'APP', 'VERDICT', 'WHY'],
      rows: claims.map((one) => [one.pattern, one.app.slug, one.verdict, one.reason]),
      none: '',
    })
  }
  if (routes.length > 0) {
    terminal.result('')
    showTable(terminal, {
      header: ['METHOD', 'HOST', 'PATH', 'VERDICT', 'WHY'],
      rows: routes.map(({ route, verdict, reason }) => [
        route.method,
        route.host_pattern ?? '(all)',
        route.path_pattern,
        verdict,
        reason,
      ]),
      none: '',
    })
  }
  terminal.result('')
  terminal.result(`${outcome}${status === null ? '' : ` (${status})`}: ${explained.reason}`)
  const captured = Object.entries(params).map(([name, value]) => `${name} = ${value}`)
  if (captured.length > 0) terminal.result(`params: ${captured.join(', ')}`)
}
