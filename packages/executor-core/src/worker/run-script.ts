/**
 * Runs one invocation from beginning to end. Never throws: whatever happens becomes an outcome.
 *
 * @module
 */
import { RhaiError, type RunLimits, type Value } from '@picloud/rhai'
import type {
  ExecutionFailure,
  ExecutionLimits,
  ExecutionOutcome,
  ScriptResponse,
} from '@picloud/shared'
import { DEADLINE_FAILURE } from '../failures.ts'
import type { Invocation } from '../protocol/invocation-message.ts'
import { answerOf } from './answer.ts'
import { failureOf } from './failure-of.ts'
import { LogLines } from './log-lines.ts'
import type { Compilation, ScriptEntry } from './program-cache.ts'
import { contextValue, requestValue } from './script-globals.ts'
import type { ScriptLog } from './script-log.ts'

/** What all invocations of this process share. */
export interface ScriptHost {
  readonly log: ScriptLog
  readonly sandboxMemoryBytesMax: number
}

export function runScript(
  invocation: Invocation,
  entry: ScriptEntry,
  host: ScriptHost,
): ExecutionOutcome {
  const startedAt = performance.now()
  const lines = new LogLines(invocation.limits.logBytesMax)
  const result = resultOf(invocation, entry, host, lines)
  const base = {
    operations: result.operations,
    durationMs: performance.now() - startedAt,
    logs: lines.lines,
    logsDropped: lines.dropped,
  }
  return 'failure' in result
    ? { kind: 'failure', ...base, failure: result.failure }
    : { kind: 'answer', ...base, response: result.response }
}

type Result =
  | { readonly operations: number; readonly failure: ExecutionFailure }
  | { readonly operations: number; readonly response: ScriptResponse }

function resultOf(
  invocation: Invocation,
  entry: ScriptEntry,
  { log, sandboxMemoryBytesMax }: ScriptHost,
  lines: LogLines,
): Result {
  const now = Date.now()
  if (now >= invocation.deadlineAt) return { operations: 0, failure: DEADLINE_FAILURE }
  let operations = 0
  try {
    const compilation = entry.compilation()
    if (compilation.kind === 'refused') return { operations: 0, failure: compilation.failure }
    log.begin(lines)
    const run = compilation.program.run({
      globals: globalsOf(invocation, compilation, now),
      limits: runLimitsOf(invocation.limits),
      print: log.print,
      debug: log.debug,
    })
    operations = run.operations
    return { operations, response: answerOf(run.value, invocation.limits.outputBytesMax) }
  } catch (error) {
    if (error instanceof RhaiError) operations = error.operations ?? operations
    const { callDepthMax } = invocation.limits
    return { operations, failure: failureOf(error, { callDepthMax, sandboxMemoryBytesMax }) }
  }
}

/**
 * What `print` and `debug` write becomes log lines, which are dropped where they do not fit;
 * `outputBytesMax` is about the answer here.
 */
function runLimitsOf(limits: ExecutionLimits): Partial<RunLimits> {
  return { ...limits, outputBytesMax: 0 }
}

/** A script that cannot read a name gets `()` for it, see `script-reads.ts`. */
function globalsOf(
  invocation: Invocation,
  { reads }: Extract<Compilation, { kind: 'compiled' }>,
  now: number,
): Record<string, Value> {
  return {
    request: reads.request.length === 0 ? undefined : requestValue(invocation, reads.request),
    ctx: reads.ctx ? contextValue(invocation, now) : undefined,
  }
}
