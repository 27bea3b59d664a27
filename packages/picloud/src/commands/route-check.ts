/**
 * `picloud routes check`: what a route would match and meet, before it is made.
 *
 * @module
 */
import type { RouteCheck } from '@picloud/shared'
import { EXIT } from '../exit-code.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type CommandContext, connect, type ServerOptions } from './command-context.ts'
import { methodOption, type RouteMethod, type RouteVerb, routeName } from './find-route.ts'

interface CheckOptions extends ServerOptions {
  readonly app: string
  readonly method?: RouteMethod
  readonly host?: string
  readonly route?: string
}

export function addCheckVerb(verb: RouteVerb, context: CommandContext): void {
  const { terminal } = context
  verb('check')
    .description('say what a route would match and meet, and change nothing')
    .argument('<path>', '/users, /users/:id or /files/*rest')
    .addOption(methodOption('only this method (default: all)'))
    .option('--host <pattern>', 'only on these hosts of the app (default: all)')
    .option('--route <id>', 'the route that is to be changed so: it does not meet itself')
    .addHelpText(
      'after',
      '\nExample:\n  picloud routes check /users/* --method GET --host api.example.com',
    )
    .action(async (path: string, options: CheckOptions) => {
      const api = connect(context, options)
      const { id } = await api.call('getApp', { path: { app: options.app } })
      const checked = await api.call('checkRoute', {
        body: {
          app_id: id,
          method: options.method ?? '*',
          host_pattern: options.host ?? null,
          path_pattern: path,
          route_id: options.route,
        },
      })
      if (options.json) terminal.resultJson(checked)
      else showCheck(terminal, checked)
      if (!checked.acceptable) context.finishWith(EXIT.conflict)
    })
}

function showCheck(terminal: Terminal, checked: RouteCheck): void {
  const lines = [
    routeName(checked),
    `  on        ${listed(checked.claims.map(({ pattern }) => pattern))}`,
    `  captures  ${listed(checked.captures.map(({ name, source }) => `${name} (${source})`))}`,
    ...checked.shadowed_by.map(
      ({ route, extent }) => `  loses     ${partWords(extent)} ${routeName(route)}`,
    ),
    ...checked.shadows.map(
      ({ route, extent }) => `  takes     ${partWords(extent)} ${routeName(route)}`,
    ),
  ]
  for (const line of lines) terminal.result(line)
  for (const warning of checked.warnings) terminal.warning(warning)
  for (const { message } of checked.problems) terminal.warning(`It would be refused. ${message}`)
}

function partWords(extent: 'all' | 'part'): string {
  return extent === 'all' ? 'all: ' : 'some:'
}

function listed(texts: readonly string[]): string {
  return texts.length === 0 ? '(none)' : texts.join(', ')
}
