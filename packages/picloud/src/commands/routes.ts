/**
 * `picloud routes`: list, get, create, update, delete.
 *
 * @module
 */
import type { ApiClient } from '@picloud/api-client'
import {
  isId,
  parsePathPattern,
  ROUTE_METHODS,
  type Route,
  type UpdateRoute,
} from '@picloud/shared'
import { type Command, Option } from 'commander'
import { ConflictError, NotFoundError, UsageError } from '../errors.ts'
import { showTable } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import {
  type CommandContext,
  connect,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import { findScript } from './find-script.ts'
import { warnOfMore } from './listing.ts'

export type RouteMethod = (typeof ROUTE_METHODS)[number]

interface RouteOptions extends ServerOptions {
  readonly app: string
  readonly method?: RouteMethod
  readonly host?: string
  readonly script?: string
  readonly enable?: true
  readonly disable?: true
}

/** `--method`, in any case; the default is said where it is used. */
export function methodOption(description: string): Option {
  return new Option('--method <method>', description)
    .choices(ROUTE_METHODS)
    .argParser((text: string) => {
      const method = ROUTE_METHODS.find((known) => known === text.toUpperCase())
      if (method !== undefined) return method
      throw new UsageError(`--method is "${text}"; it must be one of ${ROUTE_METHODS.join(', ')}.`)
    })
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
}

type Verb = (name: string) => Command

const ROUTE_ARGUMENT = ['<route>', 'id, or its path such as /users/:id'] as const

function addReadingVerbs(verb: Verb, context: CommandContext): void {
  const { terminal } = context

  verb('list')
    .description('list the routes of an app')
    .action(async (options: RouteOptions) => {
      const api = connect(context, options)
      const list = await api.list('listRoutes', { query: { app: options.app } })
      if (options.json) return terminal.resultJson(list)
      await showRoutes(terminal, api, options.app, list.items)
      warnOfMore(terminal, list)
    })

  verb('get')
    .description('show one route')
    .argument(...ROUTE_ARGUMENT)
    .addOption(methodOption('which of the routes of that path'))
    .action(async (reference: string, options: RouteOptions) => {
      const api = connect(context, options)
      const route = await findRoute(api, reference, options)
      if (options.json) return terminal.resultJson(route)
      await showRoutes(terminal, api, options.app, [route])
    })
}

function addChangingVerbs(verb: Verb, context: CommandContext): void {
  const { terminal } = context

  verb('create')
    .description('let a script answer a path')
    .argument('<path>', '/users, /users/:id or /files/*rest')
    .requiredOption('--script <script>', 'name or id of the script')
    .addOption(methodOption('only this method (default: all)'))
    .option('--host <pattern>', 'only on these hosts of the app (default: all)')
    .action(async (path: string, options: RouteOptions) => {
      const api = connect(context, options)
      const script = await findScript(api, options.app, options.script ?? '')
      const route = await api.call('createRoute', {
        body: {
          app_id: script.app_id,
          script_id: script.id,
          method: options.method ?? '*',
          host_pattern: options.host ?? null,
          path_pattern: path,
        },
      })
      if (options.json) return terminal.resultJson(route)
      terminal.progress(`${routeName(route)} now runs ${script.name}.`)
      terminal.result(route.id)
    })

  verb('update')
    .description('give a route to another script, or switch it on or off')
    .argument(...ROUTE_ARGUMENT)
    .addOption(methodOption('which of the routes of that path'))
    .option('--script <script>', 'name or id of the script that is to answer')
    .addOption(new Option('--enable', 'switch it on').conflicts('disable'))
    .option('--disable', 'switch it off')
    .action(async (reference: string, options: RouteOptions) => {
      const api = connect(context, options)
      const body = await changeOf(api, options)
      const { id } = await findRoute(api, reference, options)
      const route = await api.call('updateRoute', { path: { route_id: id }, body })
      if (options.json) return terminal.resultJson(route)
      await showRoutes(terminal, api, options.app, [route])
    })

  verb('delete')
    .description('delete a route')
    .argument(...ROUTE_ARGUMENT)
    .addOption(methodOption('which of the routes of that path'))
    .action(async (reference: string, options: RouteOptions) => {
      const api = connect(context, options)
      const route = await findRoute(api, reference, options)
      await api.call('deleteRoute', { path: { route_id: route.id } })
      if (!options.json) terminal.progress(`Deleted the route ${routeName(route)}.`)
    })
}

async function changeOf(api: ApiClient, options: RouteOptions): Promise<UpdateRoute> {
  const enabled = options.enable ?? (options.disable === true ? false : undefined)
  if (options.script === undefined && enabled === undefined) {
    throw new UsageError('Say what to change: --script, --enable or --disable.')
  }
  const script =
    options.script === undefined ? null : await findScript(api, options.app, options.script)
  return {
    ...(script === null ? {} : { script_id: script.id }),
    ...(enabled === undefined ? {} : { enabled }),
  }
}

/** A route by id, or by path where only one route of the app has it. */
async function findRoute(api: ApiClient, reference: string, options: RouteOptions): Promise<Route> {
  if (isId(reference)) return api.call('getRoute', { path: { route_id: reference } })
  const path = parsePathPattern(reference).text
  const { items } = await api.list('listRoutes', { query: { app: options.app } })
  const found = items.filter(
    (route) =>
      route.path_pattern === path &&
      (options.method === undefined || route.method === options.method),
  )
  const [route, second] = found
  if (route === undefined) {
    throw new NotFoundError(`The app "${options.app}" has no such route as ${reference}.`)
  }
  if (second === undefined) return route
  throw new ConflictError(
    `${found.length} routes have the path ${reference}: ${found.map(routeName).join(', ')}. ` +
      'Give --method, or an id from picloud routes list.',
  )
}

/** `GET shop.example.com/cart`; `*` is every method. */
export function routeName(route: Pick<Route, 'method' | 'host_pattern' | 'path_pattern'>): string {
  return `${route.method} ${route.host_pattern ?? ''}${route.path_pattern}`
}

async function showRoutes(
  terminal: Terminal,
  api: ApiClient,
  app: string,
  routes: readonly Route[],
): Promise<void> {
  const { items } = await api.list('listScripts', { query: { app } })
  const names = new Map(items.map((script) => [script.id, script.name]))
  showTable(terminal, {
    header: ['METHOD', 'HOST', 'PATH', 'SCRIPT', 'STATE', 'ID'],
    rows: routes.map((route) => [
      route.method,
      route.host_pattern ?? '(all)',
      route.path_pattern,
      route.script_id === null ? '(hole)' : (names.get(route.script_id) ?? route.script_id),
      route.enabled ? 'on' : 'off',
      route.id,
    ]),
    none: `The app ${app} has no routes.`,
  })
}
