/**
 * The order in which a sandbox runs what it has received, and the order of what it sends.
 *
 * One script computes at a time, to its end, until it calls the host, or until it has made a chunk
 * of an answer it streams. One that waits for the host, or for its client to take what was sent, is
 * no longer in the queue; when that has happened it comes back, as if it were new.
 *
 * Answers of short scripts are collected and leave in one write. But an answer must not wait for a
 * script that takes long, and the supervisor must be able to tell which invocation keeps a sandbox
 * busy and what it has begun. So before a script computes that is not usually short, all that
 * was collected is sent together with a `started` frame, and what it sends itself, its answer, a
 * piece of it or a call, is sent the moment it is there: between the two, no other script has
 * computed.
 *
 * Scripts that may be asked for soon are compiled when nothing else waits, one in a turn of the event
 * loop.
 *
 * After running for a while the queue lets the event loop turn, so that cancellations are read.
 *
 * @module
 */
import { CANCELLED_FAILURE, engineFailure, failureOutcome } from '../failures.ts'
import { DeadlineClock } from '../flight/deadline-clock.ts'
import { IdTable } from '../flight/id-table.ts'
import { type CallAnswer, encodeCall } from '../protocol/call-message.ts'
import { FRAME_KIND } from '../protocol/frame.ts'
import type { FrameChannel } from '../protocol/frame-channel.ts'
import { encodeOutcome, type RunOutcome } from '../protocol/outcome-message.ts'
import { FrameTooLargeError, ProtocolError } from '../protocol/protocol-error.ts'
import { encodeHead } from '../protocol/stream-message.ts'
import type { Taken } from '../protocol/stream-window.ts'
import type { ScriptEntry } from './program-cache.ts'
import { ScriptRun, type ScriptRunEvents, type ScriptRunOptions } from './script-run.ts'
import type { ScriptStream } from './script-stream.ts'
import { WaitingRuns } from './waiting-runs.ts'

/** Others may wait for a script that usually computes less than this. */
const SHORT_MS = 0.75
/**
 * How much one run changes the usual time, and the most that is counted of it: on a busy machine the
 * system takes the processor away in the middle of the shortest script, which says nothing of it.
 */
const RUN_WEIGHT = 0.05
const COUNTED_MS_MAX = 8
/** Collected answers wait for at most this much running of others. */
const COLLECT_MS = 2
/** Until the event loop turns, an app with a single request is not heard of. */
const TURN_MS = 1

/** One script computing, from where it was let go to its end, its next call or its next chunk. */
interface Stretch {
  readonly run: ScriptRun
  readonly isTrusted: boolean
  readonly beganAt: number
}

/** A script to be compiled before anyone asks for it. */
interface Preparation {
  readonly id: number
  /** Undefined when its source is not here. */
  readonly entry: ScriptEntry | undefined
}

export class RunQueue {
  readonly #channel: FrameChannel
  #waiting = new WaitingRuns()
  /** All that have not ended. */
  readonly #runs = new IdTable<ScriptRun>()
  readonly #clock = new DeadlineClock((now) => this.#sweep(now))
  readonly #events: ScriptRunEvents = {
    onPause: (run) => this.#onPause(run),
    onChunk: (run, stream) => this.#onChunk(run, stream),
    onEnd: (run, outcome) => this.#onEnd(run, outcome),
    sendCall: ({ id }, message, args) =>
      this.#channel.send(FRAME_KIND.call, id, encodeCall(message), args),
  }
  /** A script that can wait and goes on in microtasks. */
  #stretch: Stretch | null = null
  #preparations: Preparation[] = []
  #isLettingGo = false
  #turn: NodeJS.Immediate | null = null
  /** Of this turn of the event loop: when it began to run scripts, and what it has done since. */
  #turnBeganAt = 0
  #turnRuns = 0
  #collectedMs = 0

  constructor(channel: FrameChannel) {
    this.#channel = channel
  }

  add(options: ScriptRunOptions): void {
    const run = new ScriptRun(options, this.#events)
    this.#runs.set(run.id, run)
    this.#waiting.add(run)
  }

  /** Compiles it when there is time, and says so. */
  prepare(id: number, entry: ScriptEntry | undefined): void {
    this.#preparations.push({ id, entry })
  }

  cancel(id: number): void {
    this.#runs.get(id)?.stop('cancelled')
  }

  /** What came of a host call. One that nobody waits for any more is no error. */
  answerCall(id: number, call: number, answer: CallAnswer): void {
    const run = this.#runs.get(id)
    if (run?.takeAnswer(call, answer) === true) this.#waiting.add(run)
  }

  /** Someone has taken so much of a streamed answer. */
  noteTaken(id: number, taken: Taken): void {
    const run = this.#runs.get(id)
    // It may have ended meanwhile.
    if (run === undefined) return
    if (run.stream?.window.taken(taken) !== true) {
      throw new ProtocolError('more was taken than was sent')
    }
    this.#sendPieces(run, run.stream)
  }

  /** Forgets everything: there is nobody left to answer. */
  abandon(): void {
    this.#waiting = new WaitingRuns()
    this.#runs.clear()
    this.#preparations = []
    this.#clock.stop()
    if (this.#turn !== null) clearImmediate(this.#turn)
    this.#turn = null
  }

  /** Runs what waits; the rest after a turn of the event loop when that takes long. */
  drain(): void {
    if (this.#turn !== null || this.#stretch !== null) return
    this.#turnBeganAt = performance.now()
    this.#turnRuns = 0
    this.#collectedMs = 0
    this.#work()
  }

  #work(): void {
    while (this.#waiting.length > 0) {
      if (this.#turnRuns > 0 && performance.now() - this.#turnBeganAt > TURN_MS) break
      const run = this.#waiting.take()
      if (run === undefined) break
      this.#turnRuns += 1
      this.#letGo(run)
      // It goes on by itself, and calls back here.
      if (this.#stretch !== null) return
    }
    this.#channel.flush()
    if (this.#waiting.length === 0 && this.#preparations.length === 0) return
    this.#turn = setImmediate(() => {
      this.#turn = null
      if (this.#waiting.length === 0) this.#prepareNext()
      this.drain()
    })
  }

  #prepareNext(): void {
    const next = this.#preparations.shift()
    if (next === undefined) return
    try {
      next.entry?.compilation()
    } catch {
      // Whoever asks for it is told.
    }
    this.#channel.send(FRAME_KIND.prepared, next.id)
  }

  #letGo(run: ScriptRun): void {
    if (run.isEnded) return
    if (run.isQueued && run.stopReason !== null) {
      this.#finish(run, failureOutcome(CANCELLED_FAILURE, 0))
      return
    }
    const isTrusted = run.entry.usualMs < SHORT_MS
    if (!isTrusted) {
      this.#channel.send(FRAME_KIND.started, run.id)
      this.#channel.flush()
    }
    const beganAt = performance.now()
    const stretch = { run, isTrusted, beganAt }
    this.#stretch = stretch
    this.#isLettingGo = true
    const outcome = run.proceed(beganAt)
    this.#isLettingGo = false
    if (outcome !== null) {
      this.#finish(run, outcome)
      const hasWaited = run.stream !== null
      this.#endStretch(stretch, hasWaited ? performance.now() - beganAt : outcome.durationMs)
    } else if (!run.isComputing) {
      this.#endStretch(stretch, performance.now() - beganAt)
    }
  }

  /** A script that called the host has nothing more to do until its answer is there. */
  #onPause(run: ScriptRun): void {
    this.#clock.watch(run.deadlineAt)
    if (!this.#isLettingGo) queueMicrotask(() => this.#goOn(run))
  }

  #onChunk(run: ScriptRun, stream: ScriptStream): void {
    this.#clock.watch(run.deadlineAt)
    this.#sendPieces(run, stream)
    if (!this.#isLettingGo) this.#goOn(run)
  }

  #onEnd(run: ScriptRun, outcome: RunOutcome): void {
    this.#finish(run, outcome)
    if (!this.#isLettingGo) this.#goOn(run)
  }

  /** Sends what the window allows; with all of it sent and room left, the next chunk is due. */
  #sendPieces(run: ScriptRun, stream: ScriptStream): void {
    for (let next = stream.takePiece(); next !== null; next = stream.takePiece()) {
      const { head, piece } = next
      if (head === null) this.#channel.send(FRAME_KIND.chunk, run.id, '', piece)
      else this.#channel.send(FRAME_KIND.stream, run.id, encodeHead(head), piece)
    }
    if (run.noteSent()) this.#waiting.add(run)
  }

  /** After a script that went on in microtasks. One that was stopped where it waited had no turn. */
  #goOn(run: ScriptRun): void {
    const stretch = this.#stretch
    if (stretch?.run !== run) return
    this.#endStretch(stretch, performance.now() - stretch.beganAt)
    this.#work()
  }

  #endStretch({ run, isTrusted }: Stretch, ms: number): void {
    const { entry } = run
    this.#stretch = null
    this.#waiting.measured(run, ms)
    entry.usualMs += (Math.min(ms, COUNTED_MS_MAX) - entry.usualMs) * RUN_WEIGHT
    this.#collectedMs += ms
    if (isTrusted && this.#collectedMs <= COLLECT_MS) return
    this.#channel.flush()
    this.#collectedMs = 0
  }

  /** Ends those that wait past their deadline; says when the next one will. */
  #sweep(now: number): number | null {
    let next: number | null = null
    for (const run of this.#runs.values()) {
      if (run.isQueued) continue
      const { deadlineAt } = run
      if (deadlineAt <= now) run.stop(run.lateReason)
      else if (next === null || deadlineAt < next) next = deadlineAt
    }
    return next
  }

  #finish({ id }: ScriptRun, outcome: RunOutcome): void {
    this.#runs.delete(id)
    const { metadata, body } = encodeOutcome(outcome)
    try {
      this.#channel.send(FRAME_KIND.outcome, id, metadata, body)
    } catch (error) {
      if (!(error instanceof FrameTooLargeError)) throw error
      const failure = engineFailure(error.message)
      const reduced = encodeOutcome(failureOutcome(failure, outcome.durationMs))
      this.#channel.send(FRAME_KIND.outcome, id, reduced.metadata)
    }
  }
}
