/**
 * A program of a cluster as an operator meets it: `--help`, `--version`, one-line errors, a log, an
 * end when it is told to stop, an exit code.
 *
 * What the program is and does comes from the caller; this file knows no server and no database.
 *
 * @module
 */
import process from 'node:process'
import { type Logger, PicloudError } from '@picloud/shared'
import { type Configuration, readConfiguration, type SettingsChoice } from './configuration.ts'
import type { Environment } from './environment.ts'
import { ConfigurationError } from './errors.ts'
import { PRODUCT_VERSION } from './product-version.ts'
import { programLog } from './program-log.ts'
import { settingsHelp } from './settings-help.ts'
import { leaveParent, stopRequested } from './stop-request.ts'

const EXIT_OK = 0
const EXIT_FAILED = 1
const EXIT_USAGE = 2

export interface ProgramOptions<Choice extends SettingsChoice> {
  /** The command's name. */
  readonly name: string
  /** What it does, for `--help`. */
  readonly about: string
  readonly settings: Choice
  /** What stands after the program's name. */
  readonly args: readonly string[]
  readonly env: Environment
  /** @throws PicloudError one line about what keeps it from starting; nothing is left running */
  start(configuration: Configuration<Choice>, logger: Logger): Promise<RunningProgram>
}

export interface RunningProgram {
  /** What the log says of it once it runs, such as where it listens. */
  readonly facts: Readonly<Record<string, string>>
  /** What the operator is to do now, on standard output. */
  readonly notice?: string
  stop(): Promise<void>
}

/**
 * Runs until a signal or the parent process ends it. The result is the exit code: 0 when it was
 * told to stop, 1 when it could not run, 2 when a setting or an argument is wrong.
 */
export async function runProgram<const Choice extends SettingsChoice>(
  options: ProgramOptions<Choice>,
): Promise<number> {
  const { name, args } = options
  const unknown = args.find((argument) => !isHelp(argument) && !isVersion(argument))
  if (unknown !== undefined) {
    return complain(name, `unknown argument ${JSON.stringify(unknown)}; see --help`, EXIT_USAGE)
  }
  if (args.some(isHelp)) return print(helpOf(options))
  if (args.some(isVersion)) return print(PRODUCT_VERSION)
  try {
    await runUntilStopped(options)
    return EXIT_OK
  } catch (error) {
    if (!(error instanceof PicloudError)) throw error
    const isUsage = error instanceof ConfigurationError
    return complain(name, error.message, isUsage ? EXIT_USAGE : EXIT_FAILED)
  }
}

async function runUntilStopped<Choice extends SettingsChoice>(
  options: ProgramOptions<Choice>,
): Promise<void> {
  const configuration = readConfiguration(options.settings, options.env)
  const logger = programLog(configuration.logLevel)
  const stopping = stopRequested()
  try {
    const running = await options.start(configuration, logger)
    logger.info(running.facts, `${options.name} is running`)
    if (running.notice !== undefined) print(running.notice)
    const reason = await stopping
    logger.info({ reason }, `${options.name} is stopping`)
    await running.stop()
  } finally {
    leaveParent()
  }
}

function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h'
}

function isVersion(argument: string): boolean {
  return argument === '--version' || argument === '-V'
}

function helpOf({ name, about, settings }: ProgramOptions<SettingsChoice>): string {
  return `Usage: ${name} [--help | --version]\n\n${about}\n\n${settingsHelp(settings)}`
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return EXIT_OK
}

function complain(name: string, message: string, exitCode: number): number {
  process.stderr.write(`${name}: ${message}\n`)
  return exitCode
}
