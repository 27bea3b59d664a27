/**
 * The command `picloud-orchestrator`: arguments, environment, one-line errors, signals.
 *
 * @module
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { PicloudError } from '@picloud/shared'
import { pino } from 'pino'
import { OrchestratorConfigurationError } from './errors.ts'
import {
  type Environment,
  readOrchestratorConfiguration,
  SETTINGS,
} from './orchestrator-configuration.ts'
import { startOrchestrator } from './start-orchestrator.ts'

const EXIT_FAILED = 1
const EXIT_USAGE = 2

/** Runs until SIGTERM or SIGINT; the result is the exit code. */
export async function runOrchestrator(args: readonly string[], env: Environment): Promise<number> {
  const [argument] = args
  if (argument === '--help' || argument === '-h') return print(help())
  if (argument === '--version' || argument === '-V') return print(`${productVersion()}\n`)
  if (argument !== undefined) {
    return complain(`unknown argument ${JSON.stringify(argument)}; see --help`, EXIT_USAGE)
  }
  try {
    await serveUntilStopped(env)
    return 0
  } catch (error) {
    if (!(error instanceof PicloudError)) throw error
    const usage = error instanceof OrchestratorConfigurationError
    return complain(error.message, usage ? EXIT_USAGE : EXIT_FAILED)
  }
}

async function serveUntilStopped(env: Environment): Promise<void> {
  const configuration = readOrchestratorConfiguration(env)
  const logger = pino({ level: configuration.logLevel })
  const stopped = new AbortController()
  const asked = Promise.race([
    once(process, 'SIGTERM', { signal: stopped.signal }),
    once(process, 'SIGINT', { signal: stopped.signal }),
  ])
  // Rejected only by the abort below, once nobody waits any more.
  asked.catch(() => {})
  try {
    const running = await startOrchestrator(configuration, logger, productVersion())
    logger.info({ url: running.url }, 'the orchestrator is running')
    await asked
    logger.info({}, 'the orchestrator is stopping')
    await running.stop()
  } finally {
    stopped.abort()
  }
}

function help(): string {
  const width = Math.max(...SETTINGS.map(([name]) => name.length))
  return [
    'Usage: picloud-orchestrator',
    '',
    'The event ingress of one node of a PiCloud cluster: takes HTTP requests to the apps, runs',
    "their scripts in the node's picloud-executor, and records what ran, until SIGTERM.",
    'On admin hosts it answers /healthz, /readyz, /metrics and /version for this node.',
    '',
    'Environment:',
    ...SETTINGS.map(([name, about]) => `  ${name.padEnd(width)}  ${about}`),
    '',
    'Limits are set with PICLOUD_LIMIT_*; see docs/reference/configuration.md.',
    '',
  ].join('\n')
}

function productVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(manifest) as { readonly version: string }
  return version
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

function complain(message: string, exitCode: number): number {
  process.stderr.write(`picloud-orchestrator: ${message}\n`)
  return exitCode
}
