/**
 * The verbs of `picloud routes` that change something.
 *
 * @module
 */
import type { ApiClient } from '@picloud/api-client'
import type { UpdateRoute } from '@picloud/shared'
import { Option } from 'commander'
import { UsageError } from '../errors.ts'
import { type CommandContext, connect, type ServerOptions } from './command-context.ts'
import {
  findRoute,
  methodOption,
  ROUTE_ARGUMENT,
  type RouteMethod,
  type RouteVerb,
  routeName,
  showRoutes,
} from './find-route.ts'
import { findScript } from './find-script.ts'
import { addIdempotencyFlags, type IdempotencyFlags, idempotencyOf } from './idempotency-flags.ts'

interface RouteOptions extends ServerOptions {
  readonly app: string
  readonly method?: RouteMethod
}

interface AddOptions extends RouteOptions, IdempotencyFlags {
  readonly script?: string
  readonly hole?: true
  readonly host?: string
  readonly disabled?: true
}

interface UpdateOptions extends RouteOptions, IdempotencyFlags {
  readonly script?: string
  readonly hole?: true
  readonly newPath?: string
  readonly newMethod?: RouteMethod
  readonly newHost?: string
  readonly anyHost?: true
  readonly enable?: true
  readonly disable?: true
}

const HOLE = 'run no script: answer 404 where a broader route would fit'

export function addChangingVerbs(verb: RouteVerb, context: CommandContext): void {
  addAddVerb(verb, context)
  addUpdateVerb(verb, context)
  addSwitchVerb(verb, context, { name: 'enable', enabled: true })
  addSwitchVerb(verb, context, { name: 'disable', enabled: false })
  addRemoveVerb(verb, context)
}

function addAddVerb(verb: RouteVerb, context: CommandContext): void {
  const { terminal } = context
  const command = verb('add')
    .alias('create')
    .description('let a script answer a path')
    .argument('<path>', '/users, /users/:id or /files/*rest')
    .option('--script <script>', 'name or id of the script')
    .addOption(new Option('--hole', HOLE).conflicts('script'))
    .addOption(methodOption('only this method (default: all)'))
    .option('--host <pattern>', 'only on these hosts of the app (default: all)')
    .option('--disabled', 'leave it switched off')
  addIdempotencyFlags(command)
  command
    .addHelpText(
      'after',
      '\nExamples:\n  picloud routes add /users/:id --script users --method GET\n' +
        '  picloud routes add /files/private/* --hole',
    )
    .action(async (path: string, options: AddOptions) => {
      if (options.script === undefined && options.hole !== true) {
        throw new UsageError('Say what answers: --script NAME, or --hole for nothing.')
      }
      const api = connect(context, options)
      const target = await targetOf(api, options)
      const route = await api.call('createRoute', {
        body: {
          app_id: target.appId,
          script_id: target.script?.id ?? null,
          method: options.method ?? '*',
          host_pattern: options.host ?? null,
          path_pattern: path,
          enabled: options.disabled !== true,
          idempotency: idempotencyOf(options) ?? null,
        },
      })
      if (options.json) return terminal.resultJson(route)
      const what = target.script === null ? 'is now a hole' : `now runs ${target.script.name}`
      terminal.progress(`${routeName(route)} ${what}.`)
      terminal.result(route.id)
    })
}

function addUpdateVerb(verb: RouteVerb, context: CommandContext): void {
  const { terminal } = context
  const command = verb('update')
    .description('change what a route matches or runs, or switch it on or off')
    .argument(...ROUTE_ARGUMENT)
    .addOption(methodOption('which of the routes of that path'))
    .option('--script <script>', 'name or id of the script that is to answer')
    .addOption(new Option('--hole', HOLE).conflicts('script'))
    .option('--new-path <path>', 'match this path instead')
    .addOption(methodOption('match this method instead', '--new-method'))
    .option('--new-host <pattern>', 'match only these hosts of the app')
    .addOption(new Option('--any-host', 'match all hosts of the app').conflicts('newHost'))
    .addOption(new Option('--enable', 'switch it on').conflicts('disable'))
    .option('--disable', 'switch it off')
  addIdempotencyFlags(command)
  command
    .addHelpText(
      'after',
      '\nExample:\n  picloud routes update /users/:id --new-path /people/:id --script people',
    )
    .action(async (reference: string, options: UpdateOptions) => {
      const api = connect(context, options)
      const change = await changeOf(api, options)
      const { id } = await findRoute(api, reference, options)
      const route = await api.call('updateRoute', { path: { route_id: id }, body: change })
      if (options.json) return terminal.resultJson(route)
      await showRoutes(terminal, api, options.app, [route])
    })
}

function addSwitchVerb(
  verb: RouteVerb,
  context: CommandContext,
  { name, enabled }: { readonly name: string; readonly enabled: boolean },
): void {
  const { terminal } = context
  verb(name)
    .description(`switch a route ${enabled ? 'on' : 'off'}`)
    .argument(...ROUTE_ARGUMENT)
    .addOption(methodOption('which of the routes of that path'))
    .addHelpText('after', `\nExample:\n  picloud routes ${name} /users/:id --method GET`)
    .action(async (reference: string, options: RouteOptions) => {
      const api = connect(context, options)
      const { id } = await findRoute(api, reference, options)
      const route = await api.call('updateRoute', { path: { route_id: id }, body: { enabled } })
      if (options.json) return terminal.resultJson(route)
      terminal.progress(`${routeName(route)} is switched ${enabled ? 'on' : 'off'}.`)
    })
}

function addRemoveVerb(verb: RouteVerb, context: CommandContext): void {
  const { terminal } = context
  verb('remove')
    .alias('delete')
    .description('delete a route')
    .argument(...ROUTE_ARGUMENT)
    .addOption(methodOption('which of the routes of that path'))
    .addHelpText('after', '\nExample:\n  picloud routes remove /users/:id --method GET')
    .action(async (reference: string, options: RouteOptions) => {
      const api = connect(context, options)
      const route = await findRoute(api, reference, options)
      await api.call('deleteRoute', { path: { route_id: route.id } })
      if (!options.json) terminal.progress(`Deleted the route ${routeName(route)}.`)
    })
}

async function targetOf(api: ApiClient, { app, script }: AddOptions) {
  if (script === undefined) {
    const { id } = await api.call('getApp', { path: { app } })
    return { appId: id, script: null }
  }
  const found = await findScript(api, app, script)
  return { appId: found.app_id, script: found }
}

async function changeOf(api: ApiClient, options: UpdateOptions): Promise<UpdateRoute> {
  const { newPath, newMethod, newHost, script } = options
  const idempotency = idempotencyOf(options)
  const enabled = options.enable ?? (options.disable === true ? false : undefined)
  const change: UpdateRoute = {
    ...(script === undefined ? {} : { script_id: (await findScript(api, options.app, script)).id }),
    ...(options.hole === true ? { script_id: null } : {}),
    ...(newPath === undefined ? {} : { path_pattern: newPath }),
    ...(newMethod === undefined ? {} : { method: newMethod }),
    ...(newHost === undefined ? {} : { host_pattern: newHost }),
    ...(options.anyHost === true ? { host_pattern: null } : {}),
    ...(enabled === undefined ? {} : { enabled }),
    ...(idempotency === undefined ? {} : { idempotency }),
  }
  if (Object.keys(change).length > 0) return change
  throw new UsageError(
    'Say what to change: --script, --hole, --new-path, --new-method, --new-host, --any-host, ' +
      '--enable, --disable or --idempotency.',
  )
}
