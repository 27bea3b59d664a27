/**
 * Runs the script of one invocation to its end. Never throws: whatever happens becomes an outcome.
 *
 * @module
 */
import { type Program, RhaiError, type RunLimits, type RunOptions, type Value } from '@picloud/rhai'
import type {
  ExecutionFailure,
  ExecutionLimits,
  ExecutionOutcome,
  ScriptResponse,
} from '@picloud/shared'
import { DEADLINE_FAILURE } from '../failures.ts'
import type { Invocation } from '../protocol/invocation-message.ts'
import { answerOf } from './answer.ts'
import type { ComputingTime } from './computing-time.ts'
import { failureOf } from './failure-of.ts'
import type { LogLines } from './log-lines.ts'
import type { Compilation, ScriptEntry } from './program-cache.ts'
import type { RunStop } from './run-stop.ts'

/** An invocation whose script runs; host functions find it as the data of their run. */
interface Invoked {
  readonly invocation: Invocation
  readonly entry: ScriptEntry
  readonly sandboxMemoryBytesMax: number
  readonly log: LogLines
  readonly time: ComputingTime
  /** Not while it waits for the host. */
  readonly isComputing: boolean
  /** Ends a script where it waits. */
  readonly signal: AbortSignal
}

/** A promise for scripts that may wait for the host. `startedAt` is by `performance.now()`. */
export function runScript(
  run: Invoked,
  startedAt: number,
): ExecutionOutcome | Promise<ExecutionOutcome> {
  const { invocation, entry } = run
  const now = Date.now()
  if (now >= invocation.deadlineAt) {
    return outcomeOf(run, startedAt, { operations: 0, failure: DEADLINE_FAILURE })
  }
  let result: Result
  try {
    const compilation = entry.compilation()
    if (compilation.kind === 'refused') {
      result = { operations: 0, failure: compilation.failure }
    } else {
      const { program } = compilation
      const options = optionsOf(run, compilation, now)
      if (program.isAsynchronous) return outcomeLater(run, startedAt, program, options)
      result = resultOf(run, program.run(options))
    }
  } catch (error) {
    result = resultOfError(run, error)
  }
  return outcomeOf(run, startedAt, result)
}

async function outcomeLater(
  run: Invoked,
  startedAt: number,
  program: Program,
  options: RunOptions,
): Promise<ExecutionOutcome> {
  let result: Result
  try {
    result = resultOf(run, await program.runAsync({ ...options, signal: run.signal }))
  } catch (error) {
    result = resultOfError(run, error)
  }
  if (run.isComputing) run.time.end(performance.now())
  const outcome = outcomeOf(run, startedAt, result)
  return { ...outcome, computedMs: Math.min(run.time.ms, outcome.durationMs) }
}

type Result =
  | { readonly operations: number; readonly failure: ExecutionFailure }
  | { readonly operations: number; readonly response: ScriptResponse }

function resultOf(run: Invoked, ended: { value: Value; operations: number }): Result {
  const { value, operations } = ended
  try {
    return { operations, response: answerOf(value, run.invocation.limits.outputBytesMax) }
  } catch (error) {
    return { ...resultOfError(run, error), operations }
  }
}

function resultOfError(run: Invoked, error: unknown): Result {
  const operations = error instanceof RhaiError ? (error.operations ?? 0) : 0
  const { sandboxMemoryBytesMax } = run
  const { limits } = run.invocation
  return { operations, failure: failureOf(error, { limits, sandboxMemoryBytesMax }) }
}

function outcomeOf({ log }: Invoked, startedAt: number, result: Result): ExecutionOutcome {
  const base = {
    operations: result.operations,
    durationMs: performance.now() - startedAt,
    logs: log.lines,
    logsDropped: log.dropped,
  }
  return 'failure' in result
    ? { kind: 'failure', ...base, failure: result.failure }
    : { kind: 'answer', ...base, response: result.response }
}

function optionsOf(
  run: Invoked,
  { globalsOf }: Extract<Compilation, { kind: 'compiled' }>,
  now: number,
): RunOptions {
  const { invocation, log, time } = run
  const { cpuMsMax } = invocation.limits
  return {
    globals: globalsOf(invocation, now),
    limits: runLimitsOf(invocation.limits),
    hostData: run,
    print: (text) => log.add('info', text),
    debug: (text) => log.add('debug', text),
    onProgress: (): RunStop | undefined => {
      if (time.exceeds(cpuMsMax)) return 'processorTime'
      return Date.now() >= invocation.deadlineAt ? 'deadline' : undefined
    },
  }
}

/**
 * What `print` and `debug` write becomes log lines, which are dropped where they do not fit;
 * `outputBytesMax` is about the answer here.
 */
function runLimitsOf(limits: ExecutionLimits): Partial<RunLimits> {
  return { ...limits, outputBytesMax: 0 }
}
