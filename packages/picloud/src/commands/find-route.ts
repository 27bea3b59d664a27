/**
 * Finds the route a person means, and names routes for people.
 *
 * @module
 */
import type { ApiClient } from '@picloud/api-client'
import { isId, parsePathPattern, ROUTE_METHODS, type Route } from '@picloud/shared'
import { type Command, Option } from 'commander'
import { ConflictError, NotFoundError, UsageError } from '../errors.ts'
import { showTable } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** Makes a verb of `picloud routes`, with the options all of them have. */
export type RouteVerb = (name: string) => Command

export const ROUTE_ARGUMENT = ['<route>', 'id, or its path such as /users/:id'] as const

export type RouteMethod = (typeof ROUTE_METHODS)[number]

/** `--method`, or another flag for one, in any case; the default is said where it is used. */
export function methodOption(description: string, flag = '--method'): Option {
  return new Option(`${flag} <method>`, description)
    .choices(ROUTE_METHODS)
    .argParser((text: string) => {
      const method = ROUTE_METHODS.find((known) => known === text.toUpperCase())
      if (method !== undefined) return method
      throw new UsageError(`${flag} is "${text}"; it must be one of ${ROUTE_METHODS.join(', ')}.`)
    })
}

/** A route by id, or by path where only one route of the app has it. */
export async function findRoute(
  api: ApiClient,
  reference: string,
  options: { readonly app: string; readonly method?: RouteMethod },
): Promise<Route> {
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

export async function showRoutes(
  terminal: Terminal,
  api: ApiClient,
  app: string,
  routes: readonly Route[],
): Promise<void> {
  const names = await scriptNames(api, app)
  showTable(terminal, {
    header: ['METHOD', 'HOST', 'PATH', 'SCRIPT', 'STATE', 'ID'],
    rows: routes.map((route) => [
      route.method,
      route.host_pattern ?? '(all)',
      route.path_pattern,
      shownScript(route.script_id, names),
      stateOf(route),
      route.id,
    ]),
    none: `The app ${app} has no routes.`,
  })
}

function stateOf({ enabled, idempotency }: Route): string {
  const state = enabled ? 'on' : 'off'
  return idempotency === null ? state : `${state}, once by ${idempotency.header}`
}

async function scriptNames(api: ApiClient, app: string): Promise<ReadonlyMap<string, string>> {
  const { items } = await api.list('listScripts', { query: { app } })
  return new Map(items.map((script) => [script.id, script.name]))
}

function shownScript(id: string | null, names: ReadonlyMap<string, string>): string {
  return id === null ? '(hole)' : (names.get(id) ?? id)
}
