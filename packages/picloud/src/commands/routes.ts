/**
 * `picloud routes`: list, get, add, update, enable, disable, remove, check.
 *
 * @module
 */
import type { Command } from 'commander'
import {
  type CommandContext,
  connect,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import {
  findRoute,
  methodOption,
  ROUTE_ARGUMENT,
  type RouteMethod,
  type RouteVerb,
  showRoutes,
} from './find-route.ts'
import { warnOfMore } from './listing.ts'
import { addChangingVerbs } from './route-changes.ts'
import { addCheckVerb } from './route-check.ts'

interface ReadingOptions extends ServerOptions {
  readonly app: string
  readonly method?: RouteMethod
}

export function addRoutesCommand(program: Command, context: CommandContext): void {
  const routes = program
    .command('routes')
    .helpCommand(false)
    .description('which requests run which script')
  const verb = (name: string) =>
    withServerOptions(routes.command(name)).option('--app <app>', 'slug or id', 'default')
  addReadingVerbs(verb, context)
  addChangingVerbs(verb, context)
  addCheckVerb(verb, context)
}

function addReadingVerbs(verb: RouteVerb, context: CommandContext): void {
  const { terminal } = context

  verb('list')
    .description('list the routes of an app')
    .action(async (options: ReadingOptions) => {
      const api = connect(context, options)
      const list = await api.list('listRoutes', { query: { app: options.app } })
      if (options.json) return terminal.resultJson(list)
      await showRoutes(terminal, api, options.app, list.items)
      warnOfMore(terminal, list)
    })

  verb('get')
    .alias('show')
    .description('show one route')
    .argument(...ROUTE_ARGUMENT)
    .addOption(methodOption('which of the routes of that path'))
    .action(async (reference: string, options: ReadingOptions) => {
      const api = connect(context, options)
      const route = await findRoute(api, reference, options)
      if (options.json) return terminal.resultJson(route)
      await showRoutes(terminal, api, options.app, [route])
    })
}
