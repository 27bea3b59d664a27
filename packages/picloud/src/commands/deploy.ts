/**
 * `picloud deploy`: a file becomes a script with a route, live when the command ends. What becomes of
 * a folder stands in `deploy-folder.ts`.
 *
 * It may be repeated: an unchanged source makes no new version, an existing route stays. Whether
 * the route is free and its host claimed is asked before anything is stored, so that a refused
 * deploy changes nothing.
 *
 * @module
 */
import type { ApiClient } from '@picloud/api-client'
import {
  type App,
  hostPatternCovers,
  parseHostPattern,
  parsePathPattern,
  pathPatternsConflict,
  type Route,
  type Script,
  type ScriptSummary,
  shapeKey,
} from '@picloud/shared'
import type { Command } from 'commander'
import { isFolder, MANIFEST_FILE } from '../app-folder/app-folder.ts'
import { apiClientFor } from '../client/api-client-for.ts'
import { resolveConnection } from '../client/connection.ts'
import { ConflictError, NotFoundError, UsageError } from '../errors.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type CommandContext, type ServerOptions, withServerOptions } from './command-context.ts'
import { deployFolder } from './deploy-folder.ts'
import { deployedUrl } from './deployed-url.ts'
import { methodOption, type RouteMethod, routeName } from './find-route.ts'
import { findScriptByName } from './find-script.ts'
import { noteImporters } from './importers-note.ts'
import { warnOfMissingServices } from './missing-services.ts'
import { readScriptFile, type ScriptFile, scriptNameOf, withSourcePlaces } from './script-file.ts'

interface DeployOptions extends ServerOptions {
  readonly route?: string
  readonly method?: RouteMethod
  readonly app?: string
  readonly name?: string
  readonly host?: string
  readonly replace?: true
  readonly create?: true
  readonly yes?: true
}

/** What the route must become, in normal form. */
interface WantedRoute {
  readonly method: RouteMethod
  readonly host_pattern: string | null
  readonly path_pattern: string
}

type Change = 'created' | 'updated' | 'unchanged'

export function addDeployCommand(program: Command, context: CommandContext): void {
  withServerOptions(program.command('deploy'))
    .description('put a script live at a path, or make an app what a folder says')
    .argument('<path>', 'a script, or a folder with a picloud.toml')
    .option('--route <path>', 'where it answers: /guestbook, /users/:id or /files/*rest')
    .addOption(methodOption('only this method (default: all)'))
    .option('--app <app>', 'slug or id of the app (default: of the folder, else default)')
    .option('--name <name>', "the script's name (default: that of the file)")
    .option('--host <pattern>', 'only on these hosts of the app (default: all)')
    .option('--replace', 'take the route over from another script')
    .option('--create', 'a folder: make the app if there is none')
    .option('--yes', 'a folder: delete what it does not have, without asking')
    .addHelpText(
      'after',
      '\nExamples:\n  picloud deploy guestbook.rhai --route /guestbook\n' +
        '  picloud deploy shop/',
    )
    .action(async (path: string, options: DeployOptions) => {
      if (await isFolder(path)) await deployFolder(context, path, folderOptions(options))
      else await deployScript(context, await readScriptFile(path), scriptOptions(options))
    })
}

/** Flags that say what a picloud.toml says. */
const ONLY_FOR_SCRIPTS = ['route', 'method', 'name', 'host', 'replace'] as const
const ONLY_FOR_FOLDERS = ['create', 'yes'] as const

function folderOptions(options: DeployOptions): DeployOptions {
  for (const name of ONLY_FOR_SCRIPTS) {
    if (options[name] === undefined) continue
    throw new UsageError(`--${name} is for a single script; a folder says it in ${MANIFEST_FILE}.`)
  }
  return options
}

export type ScriptOptions = DeployOptions & { readonly route: string; readonly app: string }

function scriptOptions(options: DeployOptions): ScriptOptions {
  for (const name of ONLY_FOR_FOLDERS) {
    if (options[name] !== undefined) throw new UsageError(`--${name} is for a folder.`)
  }
  const { route, app = 'default' } = options
  if (route === undefined) throw new UsageError('Say where the script answers, with --route PATH.')
  return { ...options, route, app }
}

export async function deployScript(
  context: CommandContext,
  file: ScriptFile,
  options: ScriptOptions,
): Promise<void> {
  const { terminal } = context
  const name = options.name ?? scriptNameOf(file.path)
  const wanted: WantedRoute = {
    method: options.method ?? '*',
    host_pattern: options.host === undefined ? null : parseHostPattern(options.host).text,
    path_pattern: parsePathPattern(options.route).text,
  }
  const connection = resolveConnection(options, context.env)
  const api = apiClientFor(connection)
  const app = await api.call('getApp', { path: { app: options.app } })

  const claims = await claimsOf(api, app)
  refuseUnclaimedHost(app, claims, wanted.host_pattern)
  const found = await findScriptByName(api, app.id, name)
  const inTheWay = await routeInTheWay(api, app, wanted)
  if (options.replace !== true) await refuseForeignRoute(api, app, inTheWay, found)

  const saved = await saveScript(api, { app, name, file, found })
  if (!options.json) {
    terminal.progress(scriptReport(saved.script, saved.change))
    warnOfMissingServices(terminal, saved.script)
    if (saved.change === 'updated') await noteImporters(terminal, api, saved.script)
  }
  const ensured = await ensureRoute(api, { wanted, inTheWay, script: saved.script })
  if (!options.json) terminal.progress(routeReport(ensured.route, ensured.change))

  const url = deployedUrl({
    server: connection.server,
    claims,
    hostPattern: ensured.route.host_pattern,
    pathPattern: ensured.route.path_pattern,
  })
  const { script } = saved
  if (options.json) {
    const changes = { script: saved.change, route: ensured.change }
    return terminal.resultJson({ url, changes, script, route: ensured.route })
  }
  showUrl(terminal, app, url)
}

async function claimsOf(api: ApiClient, app: App): Promise<readonly string[]> {
  const { items } = await api.list('listDomains', { path: { app: app.id } })
  return items.map((domain) => domain.pattern)
}

function refuseUnclaimedHost(app: App, claims: readonly string[], host: string | null): void {
  if (host === null) return
  const wanted = parseHostPattern(host)
  if (claims.some((claim) => hostPatternCovers(parseHostPattern(claim), wanted))) return
  throw new NotFoundError(
    `The app "${app.slug}" does not claim ${host}. Nothing was changed. ` +
      `Its domains: ${claims.join(', ') || 'none'}.`,
  )
}

/** The route that matches the same requests as the wanted one: at most one, the API sees to it. */
async function routeInTheWay(
  api: ApiClient,
  app: App,
  wanted: WantedRoute,
): Promise<Route | undefined> {
  const path = parsePathPattern(wanted.path_pattern)
  const { items } = await api.list('listRoutes', { query: { app: app.id } })
  return items.find(
    (route) =>
      route.method === wanted.method &&
      hostShape(route.host_pattern) === hostShape(wanted.host_pattern) &&
      pathPatternsConflict(parsePathPattern(route.path_pattern), path),
  )
}

function hostShape(pattern: string | null): string | null {
  return pattern === null ? null : shapeKey(parseHostPattern(pattern))
}

async function refuseForeignRoute(
  api: ApiClient,
  app: App,
  route: Route | undefined,
  script: ScriptSummary | null,
): Promise<void> {
  if (route === undefined || route.script_id === script?.id) return
  const what =
    route.script_id === null
      ? 'is a hole'
      : `runs another script, ${await scriptName(api, route.script_id)}`
  throw new ConflictError(
    `The route ${routeName(route)} of the app "${app.slug}" ${what}. ` +
      'Nothing was changed. --replace moves the route to this script.',
  )
}

async function scriptName(api: ApiClient, id: string): Promise<string> {
  return (await api.call('getScript', { path: { script_id: id } })).name
}

async function saveScript(
  api: ApiClient,
  given: {
    readonly app: App
    readonly name: string
    readonly file: ScriptFile
    readonly found: ScriptSummary | null
  },
): Promise<{ readonly script: Script; readonly change: Change }> {
  const { app, name, file, found } = given
  const { source } = file
  if (found === null) {
    const script = await withSourcePlaces(file, () =>
      api.call('createScript', { body: { app_id: app.id, name, source } }),
    )
    return { script, change: 'created' }
  }
  const current = await api.call('getScript', { path: { script_id: found.id } })
  if (current.source === source) return { script: current, change: 'unchanged' }
  const { revision } = current
  const script = await withSourcePlaces(file, () =>
    api.call('saveScript', {
      path: { script_id: found.id },
      body: { source },
      ifRevision: revision,
    }),
  )
  return { script, change: 'updated' }
}

async function ensureRoute(
  api: ApiClient,
  given: {
    readonly wanted: WantedRoute
    readonly inTheWay: Route | undefined
    readonly script: Script
  },
): Promise<{ readonly route: Route; readonly change: Change }> {
  const { wanted, inTheWay, script } = given
  const body = { ...wanted, app_id: script.app_id, script_id: script.id }
  if (inTheWay === undefined)
    return { route: await api.call('createRoute', { body }), change: 'created' }
  // The same requests, but the captures may have other names.
  const sameNames =
    inTheWay.path_pattern === wanted.path_pattern && inTheWay.host_pattern === wanted.host_pattern
  if (sameNames && inTheWay.script_id === script.id && inTheWay.enabled) {
    return { route: inTheWay, change: 'unchanged' }
  }
  const { host_pattern, path_pattern } = wanted
  const route = await api.call('updateRoute', {
    path: { route_id: inTheWay.id },
    body: { host_pattern, path_pattern, script_id: script.id, enabled: true },
  })
  return { route, change: 'updated' }
}

function scriptReport(script: Script, change: Change): string {
  switch (change) {
    case 'created':
      return `Created the script ${script.name}.`
    case 'updated':
      return `Saved version ${script.version} of the script ${script.name}.`
    case 'unchanged':
      return `The script ${script.name} is unchanged: still version ${script.version}.`
  }
}

function routeReport(route: Route, change: Change): string {
  switch (change) {
    case 'created':
      return `Created the route ${routeName(route)}.`
    case 'updated':
      return `The route ${routeName(route)} now runs this script.`
    case 'unchanged':
      return `The route ${routeName(route)} is in place.`
  }
}

function showUrl(terminal: Terminal, app: App, url: string | null): void {
  if (url !== null) {
    terminal.result(url)
  } else {
    terminal.warning(
      `The app "${app.slug}" claims no domain, so the route answers nowhere yet: ` +
        `picloud domains claim HOST --app ${app.slug}`,
    )
  }
}
