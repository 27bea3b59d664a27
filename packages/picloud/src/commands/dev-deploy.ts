/**
 * Puts what a folder holds live, again and again: an app with its manifest as `picloud deploy` does,
 * a folder of scripts alone with a route for each.
 *
 * @module
 */
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { MANIFEST_FILE, readAppFolder } from '../app-folder/app-folder.ts'
import { apiClientFor } from '../client/api-client-for.ts'
import { ApiError } from '../client/api-error.ts'
import { resolveConnection } from '../client/connection.ts'
import { ConflictError, ServerUnreachableError, UsageError } from '../errors.ts'
import type { CommandContext, ServerOptions } from './command-context.ts'
import { deployScript } from './deploy.ts'
import { appOf, deployFolder } from './deploy-folder.ts'
import { deployedUrl } from './deployed-url.ts'
import type { RouteMethod } from './find-route.ts'
import { findScriptByName } from './find-script.ts'
import { readScriptFile, scriptNameOf } from './script-file.ts'
import { showError } from './show-error.ts'

export interface DevOptions extends ServerOptions {
  readonly app?: string
  readonly replace?: true
}

const SCRIPT_FILE = /\.rhai$/
/** The script that answers at the path `/`. */
const INDEX = 'index'

/** Whether a change of this file may change what is live. */
export function isDeployed(name: string): boolean {
  return name === MANIFEST_FILE || SCRIPT_FILE.test(name)
}

/** Whether the same may succeed in a moment. */
export function isAway(error: unknown): error is ServerUnreachableError | ApiError {
  if (error instanceof ServerUnreachableError) return true
  return error instanceof ApiError && (error.status === 429 || error.status >= 502)
}

export class DevDeploy {
  readonly #context: CommandContext
  readonly #folder: string
  readonly #options: DevOptions
  /** Sources that are live, by their file, of a folder without a manifest. */
  readonly #live = new Map<string, string>()
  /** What was last said of a file that did not go live, so that it is said once. */
  readonly #refused = new Map<string, string>()
  #hasShownUrls = false

  constructor(context: CommandContext, folder: string, options: DevOptions) {
    this.#context = context
    this.#folder = folder
    this.#options = options
  }

  /** Resolves with the app. @throws CliError for what keeps the folder from going live */
  async run(): Promise<string> {
    const names = await namesIn(this.#folder)
    if (names.includes(MANIFEST_FILE)) return this.#deployApp()
    const scripts = names.filter((name) => SCRIPT_FILE.test(name)).toSorted()
    const app = this.#options.app ?? 'default'
    this.#noteGone(new Set(scripts.map((name) => join(this.#folder, name))), app)
    if (scripts.length === 0) {
      throw new UsageError(`${this.#folder} has neither a ${MANIFEST_FILE} nor a script yet.`)
    }
    for (const name of scripts) await this.#deployScript(join(this.#folder, name), app)
    return app
  }

  async #deployApp(): Promise<string> {
    const app = appOf(await readAppFolder(this.#folder), this.#options.app)
    // The folder is the truth here: what it does not have goes, and nobody is asked.
    const options = { ...this.#options, create: true, yes: true } as const
    await deployFolder(this.#context, this.#folder, options)
    if (!this.#hasShownUrls) await this.#showUrls(app)
    this.#hasShownUrls = true
    return app
  }

  /** One that does not compile keeps no other from going live. */
  async #deployScript(path: string, app: string): Promise<void> {
    let source = ''
    try {
      const file = await readScriptFile(path)
      source = file.source
      if (this.#live.get(path) === source) return
      const name = scriptNameOf(path)
      const route = name === INDEX ? '/' : `/${name}`
      const options = { ...this.#options, app, route }
      for (const method of await this.#methodsElsewhere(app, route, name)) {
        await deployScript(this.#context, file, { ...options, method })
      }
      await deployScript(this.#context, file, options)
      this.#live.set(path, source)
      this.#refused.delete(path)
    } catch (error) {
      if (isAway(error)) throw error
      const shown = error instanceof ConflictError ? notLive(path, error) : error
      const said = `${String(shown)}\n${source}`
      if (this.#refused.get(path) !== said) showError(this.#context.terminal, shown, false)
      this.#refused.set(path, said)
    }
  }

  /** What a file was deployed as stays when it goes: others may have come to use it. */
  #noteGone(paths: ReadonlySet<string>, app: string): void {
    for (const path of this.#live.keys()) {
      if (paths.has(path)) continue
      this.#live.delete(path)
      const name = scriptNameOf(path)
      this.#context.terminal.warning(
        `${basename(path)} is gone. The script ${name} stays live until it is deleted: ` +
          `picloud scripts delete ${name} --app ${app} --force`,
      )
    }
  }

  /** Methods that a route of their own keeps from the script at this path, as `GET /` at first does. */
  async #methodsElsewhere(
    app: string,
    path: string,
    name: string,
  ): Promise<readonly RouteMethod[]> {
    const api = apiClientFor(resolveConnection(this.#options, this.#context.env))
    const { id } = await api.call('getApp', { path: { app } })
    const script = await findScriptByName(api, id, name)
    const { items } = await api.list('listRoutes', { query: { app } })
    return items
      .filter(
        (route) =>
          route.path_pattern === path &&
          route.host_pattern === null &&
          route.method !== '*' &&
          route.script_id !== script?.id,
      )
      .map(({ method }) => method as RouteMethod)
  }

  async #showUrls(app: string): Promise<void> {
    const connection = resolveConnection(this.#options, this.#context.env)
    const api = apiClientFor(connection)
    const domains = await api.list('listDomains', { path: { app } })
    const routes = await api.list('listRoutes', { query: { app } })
    const claims = domains.items.map(({ pattern }) => pattern)
    for (const {
      host_pattern: hostPattern,
      path_pattern: pathPattern,
      script_id,
    } of routes.items) {
      const { server } = connection
      const url = deployedUrl({ server, claims, hostPattern, pathPattern })
      if (url !== null && script_id !== null) this.#context.terminal.result(url)
    }
  }
}

/** Without `--replace` nothing is taken from another script. */
function notLive(path: string, { message }: ConflictError): ConflictError {
  return new ConflictError(
    `${basename(path)} is not live. ${message} Or give the file another name, or choose another ` +
      'app with --app.',
  )
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    const code = String((error as Partial<NodeJS.ErrnoException>).code)
    throw new UsageError(`${folder} is no folder that can be read (${code}).`)
  }
}
