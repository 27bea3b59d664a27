/**
 * `picloud dev`: a folder goes live at every save, and what runs is shown as it runs.
 *
 * @module
 */
import type { ApiClient } from '@picloud/api-client'
import { programLog, readConfiguration, SETTINGS, stopRequested } from '@picloud/program'
import type { Execution } from '@picloud/shared'
import type { Command } from 'commander'
import { apiClientFor } from '../client/api-client-for.ts'
import { resolveConnection } from '../client/connection.ts'
import { START_SETTINGS } from '../start/start-settings.ts'
import { type CommandContext, withServerOptions } from './command-context.ts'
import { DevDeploy, type DevOptions, isAway, isDeployed } from './dev-deploy.ts'
import { withExamples } from './examples.ts'
import { showExecution } from './execution-lines.ts'
import { followExecutions } from './follow-executions.ts'
import { SaveWatch } from './save-watch.ts'
import { showError } from './show-error.ts'

interface DevFlags extends DevOptions {
  readonly port?: string
}

export function addDevCommand(program: Command, context: CommandContext): void {
  withExamples(
    withServerOptions(program.command('dev'))
      .description('put a folder live at every save, and show what runs; Ctrl-C ends it')
      .argument('<folder>', 'one with a picloud.toml, or with scripts alone: each at its name')
      .option('--app <app>', 'slug or id (default: of the folder, else default)')
      .option('--replace', 'scripts alone: take routes over from other scripts of the app')
      .option(
        SETTINGS.port.flag,
        'of the server that is started where none is named with --server',
      ),
    'picloud dev shop/',
    'picloud dev . --server https://cloud.example.com --app trial',
  ).action((folder: string, flags: DevFlags) => dev(context, folder, flags))
}

async function dev(context: CommandContext, folder: string, flags: DevFlags): Promise<void> {
  const { terminal } = context
  const stopping = stopRequested()
  await using stack = new AsyncDisposableStack()
  const server = await serverOf(context, flags, stack)
  const options = { ...flags, server }
  const deploy = new DevDeploy(context, folder, options)
  const follower = new Follower(context, options)
  stack.defer(() => follower.stop())
  let lost = ''
  const saves = new SaveWatch({
    folder,
    isOfInterest: isDeployed,
    onSaved: async () => {
      try {
        follower.follow(await deploy.run())
        lost = ''
        return false
      } catch (error) {
        if (!isAway(error)) {
          showError(terminal, error, false)
          lost = ''
          return false
        }
        if (error.message !== lost) terminal.warning(`${error.message} Trying again.`)
        lost = error.message
        return true
      }
    },
  })
  stack.defer(() => saves.stop())
  terminal.progress(`Watching ${folder} for saves. Press Ctrl-C to stop.`)
  saves.trigger()
  await stopping
}

/** The one that is named, or one that is started for as long as this lasts. */
async function serverOf(
  context: CommandContext,
  flags: DevFlags,
  stack: AsyncDisposableStack,
): Promise<string> {
  const named = flags.server ?? (context.env.PICLOUD_SERVER || undefined)
  if (named !== undefined) return named
  const { dataDir, port } = flags
  const configuration = readConfiguration(START_SETTINGS, context.env, { dataDir, port })
  // Loaded here: the other commands start faster without a server in memory.
  const { start } = await import('../start/start.ts')
  const logger = programLog(configuration.logLevel === 'info' ? 'warn' : configuration.logLevel)
  const running = await start(configuration, logger, context.services)
  stack.defer(() => running.stop())
  const { url, setupUrl } = running.facts
  context.terminal.progress(
    `PiCloud runs at ${url}, its dashboard at ${setupUrl ?? `${url}/admin`}`,
  )
  return url
}

/** Shows executions of the app from when it is there first. */
class Follower {
  readonly #context: CommandContext
  readonly #options: DevOptions
  readonly #ending = new AbortController()
  #following: Promise<void> | null = null

  constructor(context: CommandContext, options: DevOptions) {
    this.#context = context
    this.#options = options
  }

  follow(app: string): void {
    if (this.#following !== null || this.#ending.signal.aborted) return
    const { terminal, env } = this.#context
    const connection = resolveConnection(this.#options, env)
    const api = apiClientFor(connection)
    this.#following = followExecutions(connection, {
      filter: { app },
      tail: 0,
      signal: this.#ending.signal,
      onExecution: async (execution) =>
        showExecution(terminal, execution, await sourceOf(api, execution)),
      onLost: () => {},
      onFound: () => terminal.progress('Following again.'),
    }).catch((error: unknown) => {
      // The next deployment that succeeds makes it possible again.
      this.#following = null
      showError(terminal, error, false)
    })
  }

  async stop(): Promise<void> {
    this.#ending.abort()
    await this.#following
  }
}

/** Of what failed at a place in it. */
async function sourceOf(
  api: ApiClient,
  { error, script_id, version }: Execution,
): Promise<string | undefined> {
  if (error === null || error.line === null) return undefined
  try {
    const { source } = await api.call('getScriptVersion', {
      path: { script_id, version: String(version) },
    })
    return source
  } catch {
    // Deleted meanwhile, or the server has gone: the error is shown without its line.
    return undefined
  }
}
