/**
 * `picloud run`: runs a script file on this machine, without a server.
 *
 * The script runs in the sandbox the server runs it in, under the same limits, and sees the same
 * `request` and `ctx`: what works here works there.
 *
 * @module
 */
import { readConfiguration, type SettingsChoice } from '@picloud/program'
import {
  type ExecutionOutcome,
  type ExecutionRequest,
  executionLimitsOf,
  LIMITS,
  type LimitName,
  type Limits,
  type LogLine,
  newId,
  raisedByOperator,
  wholeAnswer,
} from '@picloud/shared'
import { type Command, Option } from 'commander'
import { EXIT } from '../exit-code.ts'
import { printableLine } from '../terminal/printable.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type CommandContext, type OutputOptions, withOutputOptions } from './command-context.ts'
import { runRequestOf } from './run-request.ts'
import { readScriptFile, ScriptFaultError, type ScriptFile } from './script-file.ts'
import { showAnswer } from './show-answer.ts'

/** The variables a server reads: an error that names one tells the truth here too. */
const RUN_SETTINGS = {
  needed: [],
  optional: [],
  limits: Object.keys(LIMITS) as readonly LimitName[],
} as const satisfies SettingsChoice

interface RunOptions extends OutputOptions {
  readonly request?: string
}

export function addRunCommand(program: Command, context: CommandContext): void {
  withOutputOptions(program.command('run'))
    .description('run a script file here, without a server')
    .argument('<file>', 'the script')
    .addOption(
      new Option(
        '--request <json>',
        'the request it sees, any of: method, path, params, query, headers, cookies, body, ip',
      ),
    )
    .addHelpText(
      'after',
      '\nLog lines go to stderr, the answer to stdout.\n\nExample:\n' +
        `  picloud run guestbook.rhai --request '{"body": {"name": "Ada"}}'`,
    )
    .action((path: string, options: RunOptions) => run(context, path, options))
}

async function run(context: CommandContext, path: string, options: RunOptions): Promise<void> {
  const request = runRequestOf(options.request)
  const file = await readScriptFile(path)
  const { terminal } = context
  const { limits } = readConfiguration(RUN_SETTINGS, context.env)
  const outcome = await execute(file, request, limits)
  for (const line of outcome.logs) showLogLine(terminal, line)
  if (outcome.logsDropped > 0) {
    terminal.warning(
      `${outcome.logsDropped} more log lines were over the limit. ${raisedByOperator('logBytesMax')}`,
    )
  }
  if (outcome.kind === 'failure') throw faultOf(file, outcome.failure)
  const exitCode = showAnswer(terminal, outcome.response, options.json === true)
  if (exitCode !== EXIT.ok) context.finishWith(exitCode)
}

async function execute(
  file: ScriptFile,
  request: ExecutionRequest['request'],
  limits: Limits,
): Promise<ExecutionOutcome> {
  // Loaded here: the other commands start faster without it.
  const { startExecutor } = await import('@picloud/executor-core')
  const { sandboxMemoryBytesMax, deadlineMs } = limits
  const executor = startExecutor({ processes: 1, sandboxMemoryBytesMax })
  try {
    const result = await executor.execute({
      id: newId(),
      app: { id: newId(), slug: 'default', services: null, egress: null },
      script: { id: newId(), name: file.path, versionId: newId(), version: 1 },
      source: file.source,
      trigger: 'test',
      request,
      deadlineAt: Date.now() + deadlineMs,
      limits: executionLimitsOf(limits),
    })
    return await wholeAnswer(result)
  } finally {
    await executor.stop()
  }
}

type Failure = Extract<ExecutionOutcome, { kind: 'failure' }>['failure']

function faultOf(file: ScriptFile, failure: Failure): ScriptFaultError {
  const { code, status, message, line = 0, column = 0 } = failure
  // A thrown status is an answer of the script's own making; any other failure would be a 500.
  const text =
    code === 'PIC_SCRIPT_THROWN' ? `answers ${status}: ${message}` : message + raiseOf(failure)
  return new ScriptFaultError({ code, status, text, details: failure }, { file, line, column })
}

/** Here everything is the operator's. */
function raiseOf({ code, limit }: Failure): string {
  const name = code === 'PIC_EXEC_DEADLINE' ? 'deadlineMs' : limit?.name
  const isKnown = name !== undefined && name in LIMITS
  return isKnown ? ` ${raisedByOperator(name as LimitName)}` : ''
}

function showLogLine(terminal: Terminal, line: LogLine): void {
  const fields = line.fields === undefined ? '' : ` ${JSON.stringify(line.fields)}`
  const level = terminal.styleNote('dim', line.level.padEnd(5))
  terminal.progress(`${level} ${printableLine(line.message + fields)}`)
}
