/**
 * Runs the script of one invocation to its end, or to the next chunk of an answer it streams. Never
 * throws: whatever happens becomes an outcome.
 *
 * @module
 */
import {
  isMap,
  type OpenRun,
  type Program,
  RhaiError,
  type RunLimits,
  type RunOptions,
  type Value,
} from '@picloud/rhai'
import type { ExecutionFailure, ExecutionLimits, ScriptResponse } from '@picloud/shared'
import { ValueRefusedError, ValueTooLongError } from '@picloud/shared/value-bytes'
import { DEADLINE_FAILURE } from '../failures.ts'
import type { SecretMask } from '../masking/secret-mask.ts'
import { NO_BYTES } from '../protocol/frame.ts'
import type { Invocation } from '../protocol/invocation-message.ts'
import type { RunOutcome } from '../protocol/outcome-message.ts'
import { answerOf } from './answer.ts'
import type { ComputingTime } from './computing-time.ts'
import { failureOf, failureOfStop, type RunFacts } from './failure-of.ts'
import type { LogLines } from './log-lines.ts'
import type { Compilation, ScriptEntry } from './program-cache.ts'
import { bytesOfValue } from './rhai-value-bytes.ts'
import type { RunStop } from './run-stop.ts'
import { NO_CHUNK, ScriptStream } from './script-stream.ts'

/** An invocation whose script runs; host functions find it as the data of their run. */
interface Invoked {
  readonly invocation: Invocation
  readonly entry: ScriptEntry
  readonly sandboxMemoryBytesMax: number
  readonly log: LogLines
  /** Of the secrets it was given. */
  readonly mask: SecretMask
  readonly time: ComputingTime
  /** Not while it waits for the host. */
  readonly isComputing: boolean
  /** Whether {@link signal} was asked for: the script may wait. */
  readonly canWait: boolean
  /** Ends a script where it waits. */
  readonly signal: AbortSignal
  /** Milliseconds since the epoch; another one once the answer streams. */
  readonly deadlineAt: number
  /** What it fails by when its deadline has passed. */
  readonly lateReason: RunStop
}

/** What a stretch of a script came to: its end, or a stream that has a chunk to send. */
export type Step = RunOutcome | ScriptStream

/** A promise for scripts that may wait for the host. `startedAt` is by `performance.now()`. */
export function runScript(run: Invoked, startedAt: number): Step | Promise<Step> {
  const { invocation, entry } = run
  const now = Date.now()
  if (now >= invocation.deadlineAt) {
    return outcomeOf(run, startedAt, { operations: 0, failure: DEADLINE_FAILURE })
  }
  let open: OpenRun
  try {
    const compilation = entry.compilation()
    if (compilation.kind === 'refused') {
      return outcomeOf(run, startedAt, { operations: 0, failure: compilation.failure })
    }
    const { program } = compilation
    const options = optionsOf(run, compilation, now)
    if (program.hasAsynchronousParts) return runLater(run, startedAt, program, options)
    open = program.open(options)
  } catch (error) {
    return outcomeOf(run, startedAt, resultOfError(run, error))
  }
  const end = endOf(run, open, startedAt)
  return end instanceof ScriptStream ? makeChunk(run, end) : end
}

async function runLater(
  run: Invoked,
  startedAt: number,
  program: Program,
  options: RunOptions,
): Promise<Step> {
  let open: OpenRun
  try {
    open = await program.openAsync({ ...options, signal: run.signal })
  } catch (error) {
    return timed(run, outcomeOf(run, startedAt, resultOfError(run, error)))
  }
  const end = endOf(run, open, startedAt)
  return end instanceof ScriptStream ? makeChunkLater(run, end) : timed(run, end)
}

/** What the value of a script asks for: an answer that is there, or one to be streamed. */
function endOf(run: Invoked, open: OpenRun, startedAt: number): RunOutcome | ScriptStream {
  let result: Result
  try {
    if (isCalled(run)) return endOfCall(run, open, startedAt)
    const answer = answerOf(open.value, run.invocation.limits.outputBytesMax)
    if ('chunks' in answer) return new ScriptStream(open, answer, startedAt)
    result = { operations: open.operations, response: answer }
  } catch (error) {
    result = { ...resultOfError(run, error), operations: open.operations }
  }
  open.close()
  return outcomeOf(run, startedAt, result)
}

/** Whoever called the script gets its value as it is. */
function endOfCall(run: Invoked, open: OpenRun, startedAt: number): RunOutcome {
  const value = bytesOfValue(open.value, run.invocation.limits.hostValueBytesMax)
  const { operations } = open
  open.close()
  return { kind: 'value', ...measuresOf(run, startedAt, operations), value }
}

function isCalled({ invocation }: Invoked): boolean {
  return invocation.trigger === 'call'
}

/** Goes on with a streamed answer. A promise for scripts that may wait for the host. */
export function continueStream(run: Invoked, stream: ScriptStream): Step | Promise<Step> {
  if (stream.open.hasExited) return endOfStream(run, stream)
  return run.canWait ? makeChunkLater(run, stream) : makeChunk(run, stream)
}

/** Ends a streamed answer between two of its chunks. */
export function stopStream(run: Invoked, stream: ScriptStream, reason: RunStop): RunOutcome {
  return failedStream(run, stream, failureOfStop(reason, factsOf(run)))
}

function makeChunk(run: Invoked, stream: ScriptStream): Step {
  try {
    return stepOf(run, stream, stream.nextChunk())
  } catch (error) {
    return failedStream(run, stream, failureOf(error, factsOf(run)))
  }
}

async function makeChunkLater(run: Invoked, stream: ScriptStream): Promise<Step> {
  try {
    return stepOf(run, stream, await stream.nextChunkLater())
  } catch (error) {
    return failedStream(run, stream, failureOf(error, factsOf(run)))
  }
}

function stepOf(run: Invoked, stream: ScriptStream, value: Value | typeof NO_CHUNK): Step {
  if (value === NO_CHUNK) return endOfStream(run, stream)
  stream.give(value, run.invocation.limits, run.time.until(performance.now()))
  return stream
}

/** An answer without any chunk needs no stream. */
function endOfStream(run: Invoked, stream: ScriptStream): RunOutcome {
  const { open, startedAt, hasBegun, withoutContent } = stream
  const { operations } = open
  open.close()
  if (hasBegun) {
    return timed(run, { kind: 'streamed', ...measuresOf(run, startedAt, operations) })
  }
  const response = { ...withoutContent, body: NO_BYTES }
  return timed(run, outcomeOf(run, startedAt, { operations, response }))
}

function failedStream(
  run: Invoked,
  { open, startedAt }: ScriptStream,
  failure: ExecutionFailure,
): RunOutcome {
  const { operations } = open
  open.close()
  return timed(run, outcomeOf(run, startedAt, { operations, failure }))
}

type Result =
  | {
      readonly operations: number
      readonly failure: ExecutionFailure
      readonly thrown?: Uint8Array | undefined
    }
  | { readonly operations: number; readonly response: ScriptResponse }

function resultOfError(run: Invoked, error: unknown): Result {
  const operations = error instanceof RhaiError ? (error.operations ?? 0) : 0
  const failure = failureOf(error, factsOf(run))
  return isCalled(run)
    ? { operations, failure, thrown: thrownOf(run, error) }
    : { operations, failure }
}

/** The map that a called script threw, for the one that called it; nothing if it is no data. */
function thrownOf({ invocation }: Invoked, error: unknown): Uint8Array | undefined {
  if (!(error instanceof RhaiError) || !isMap(error.thrown as Value)) return undefined
  try {
    return bytesOfValue(error.thrown as Value, invocation.limits.hostValueBytesMax)
  } catch (refused) {
    if (refused instanceof ValueTooLongError || refused instanceof ValueRefusedError)
      return undefined
    throw refused
  }
}

function factsOf({ invocation, sandboxMemoryBytesMax, mask }: Invoked): RunFacts {
  return { limits: invocation.limits, sandboxMemoryBytesMax, mask }
}

function outcomeOf(run: Invoked, startedAt: number, result: Result): RunOutcome {
  const measures = measuresOf(run, startedAt, result.operations)
  return 'failure' in result
    ? { kind: 'failure', ...measures, failure: result.failure, thrown: result.thrown }
    : { kind: 'answer', ...measures, response: result.response }
}

function measuresOf({ log, mask }: Invoked, startedAt: number, operations: number) {
  const { lines, dropped } = log.masked(mask)
  return {
    operations,
    durationMs: performance.now() - startedAt,
    logs: lines,
    logsDropped: dropped,
  }
}

/** The outcome of a run that may have waited, with how long it computed. */
function timed<Outcome extends RunOutcome>(run: Invoked, outcome: Outcome): Outcome {
  if (run.isComputing) run.time.end(performance.now())
  return { ...outcome, computedMs: Math.min(run.time.ms, outcome.durationMs) }
}

function optionsOf(
  run: Invoked,
  { globalsOf, modules }: Extract<Compilation, { kind: 'compiled' }>,
  now: number,
): RunOptions {
  const { invocation, log, time } = run
  const { cpuMsMax } = invocation.limits
  return {
    globals: globalsOf(invocation, now),
    limits: runLimitsOf(invocation.limits),
    modules,
    hostData: run,
    print: (text) => log.add('info', text),
    debug: (text) => log.add('debug', text),
    onProgress: (): RunStop | undefined => {
      if (time.exceeds(cpuMsMax)) return 'processorTime'
      return Date.now() >= run.deadlineAt ? run.lateReason : undefined
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
