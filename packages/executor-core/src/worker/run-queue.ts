/**
 * The invocations a sandbox has received and not run yet, and the order of what it sends.
 *
 * Scripts run one after another in the order of arrival. Answers of short scripts are collected and
 * leave in one write. But an answer must not wait for a script that takes long, and the supervisor
 * must be able to tell which invocation a lost sandbox had begun. So before a script that has not
 * been short lately, everything collected is sent together with a `started` frame, and its own
 * answer is sent the moment it is there: while a `started` invocation is unanswered, nothing sent
 * to the sandbox after it has begun.
 *
 * After running for a while the queue lets the event loop turn, so that cancellations are read.
 *
 * @module
 */
import type { ExecutionOutcome } from '@picloud/shared'
import { CANCELLED_FAILURE, engineFailure, failureOutcome } from '../failures.ts'
import { FRAME_KIND } from '../protocol/frame.ts'
import type { FrameChannel } from '../protocol/frame-channel.ts'
import type { Invocation } from '../protocol/invocation-message.ts'
import { encodeOutcome } from '../protocol/outcome-message.ts'
import { FrameTooLargeError } from '../protocol/protocol-error.ts'
import type { ScriptEntry } from './program-cache.ts'

const SHORT_RUN_MS = 1
/** So many short runs in a row make a script one that others may wait for. */
const SHORT_RUNS_TO_TRUST = 4
/** Collected answers wait for at most this much running of others. */
const COLLECT_MS = 2
const TURN_MS = 10

interface Waiting {
  readonly id: number
  readonly invocation: Invocation
  readonly entry: ScriptEntry
}

export class RunQueue {
  readonly #channel: FrameChannel
  readonly #run: (invocation: Invocation, entry: ScriptEntry) => ExecutionOutcome
  #waiting: Waiting[] = []
  readonly #cancelled = new Set<number>()
  #turn: NodeJS.Immediate | null = null

  constructor(
    channel: FrameChannel,
    run: (invocation: Invocation, entry: ScriptEntry) => ExecutionOutcome,
  ) {
    this.#channel = channel
    this.#run = run
  }

  add(id: number, invocation: Invocation, entry: ScriptEntry): void {
    this.#waiting.push({ id, invocation, entry })
  }

  cancel(id: number): void {
    if (this.#waiting.some((waiting) => waiting.id === id)) this.#cancelled.add(id)
  }

  /** Forgets what waits: there is nobody left to answer. */
  abandon(): void {
    this.#waiting = []
    if (this.#turn !== null) clearImmediate(this.#turn)
    this.#turn = null
  }

  /** Runs what waits; the rest after a turn of the event loop when that takes long. */
  drain(): void {
    if (this.#turn !== null) return
    const waiting = this.#waiting
    const beganAt = performance.now()
    let collectedMs = 0
    let done = 0
    for (const next of waiting) {
      if (done > 0 && performance.now() - beganAt > TURN_MS) break
      done += 1
      if (this.#cancelled.delete(next.id)) {
        this.#sendOutcome(next.id, failureOutcome(CANCELLED_FAILURE, 0))
        continue
      }
      collectedMs += this.#runNext(next)
      if (collectedMs > COLLECT_MS) {
        this.#channel.flush()
        collectedMs = 0
      }
    }
    this.#waiting = waiting.slice(done)
    this.#channel.flush()
    if (this.#waiting.length === 0) return
    this.#turn = setImmediate(() => {
      this.#turn = null
      this.drain()
    })
  }

  /** Returns how long the answer that was collected has made others wait; 0 once it is sent. */
  #runNext({ id, invocation, entry }: Waiting): number {
    const trusted = entry.shortRuns >= SHORT_RUNS_TO_TRUST
    if (!trusted) {
      this.#channel.send(FRAME_KIND.started, id)
      this.#channel.flush()
    }
    const outcome = this.#run(invocation, entry)
    const short = outcome.durationMs < SHORT_RUN_MS
    entry.shortRuns = short ? entry.shortRuns + 1 : 0
    this.#sendOutcome(id, outcome)
    if (trusted && short) return outcome.durationMs
    this.#channel.flush()
    return 0
  }

  #sendOutcome(id: number, outcome: ExecutionOutcome): void {
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
