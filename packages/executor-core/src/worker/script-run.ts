/**
 * One invocation in this process, from its arrival to its outcome.
 *
 * States, and what moves between them:
 *
 *     queued      it has not begun
 *     computing   its script runs; at most one invocation of a process does
 *     waiting     it has called the host
 *     ready       the host has answered, and it waits for its turn to go on
 *     sending     it has made a chunk of its answer, which was not sent to the end
 *     due         a chunk was sent, and it waits for its turn to make the next
 *     ended       its outcome was handed to `onEnd`
 *
 *     queued, ready, due -> computing   `proceed`
 *     computing -> waiting              the script calls the host: `onPause`
 *     waiting -> ready                  `takeAnswer`
 *     computing -> sending              the script gives a chunk: `onChunk`
 *     sending -> due                    `noteSent`, when there is room for another chunk
 *     any -> ended                      the script ends; `stop` makes it do so where it waits
 *
 * Host functions find the run they are called from through `ScriptRun.of`.
 *
 * @module
 */
import type { CallContext, Value } from '@picloud/rhai'
import { SecretMask } from '../masking/secret-mask.ts'
import type { CallAnswer } from '../protocol/call-message.ts'
import type { Invocation } from '../protocol/invocation-message.ts'
import type { RunOutcome } from '../protocol/outcome-message.ts'
import { ComputingTime } from './computing-time.ts'
import { type CalledFunction, HostCalls, type SendCall } from './host-calls.ts'
import { LogLines } from './log-lines.ts'
import type { ScriptEntry } from './program-cache.ts'
import { computedTooLong } from './run-limit-error.ts'
import { continueStream, runScript, type Step, stopStream } from './run-script.ts'
import type { RunStop } from './run-stop.ts'
import { ScriptStream } from './script-stream.ts'

export interface ScriptRunEvents {
  /** The script has called the host. Called from inside the script: do no more than take note. */
  onPause(run: ScriptRun): void
  /** The stream has something to send. */
  onChunk(run: ScriptRun, stream: ScriptStream): void
  /** For scripts that may wait, or were stopped; the others give their outcome at once. */
  onEnd(run: ScriptRun, outcome: RunOutcome): void
  sendCall(run: ScriptRun, ...call: Parameters<SendCall>): void
}

export interface ScriptRunOptions {
  readonly id: number
  readonly invocation: Invocation
  readonly entry: ScriptEntry
  readonly sandboxMemoryBytesMax: number
}

export class ScriptRun {
  readonly id: number
  readonly invocation: Invocation
  readonly entry: ScriptEntry
  readonly sandboxMemoryBytesMax: number
  readonly log: LogLines
  readonly mask = new SecretMask()
  readonly time = new ComputingTime()
  readonly #events: ScriptRunEvents
  /** Milliseconds since the epoch. An answer that has begun to stream gets another one. */
  deadlineAt: number
  #state: 'queued' | 'computing' | 'waiting' | 'ready' | 'sending' | 'due' | 'ended' = 'queued'
  #stream: ScriptStream | null = null
  #calls: HostCalls | undefined
  #controller: AbortController | undefined
  #stop: RunStop | null = null

  constructor(options: ScriptRunOptions, events: ScriptRunEvents) {
    this.id = options.id
    this.invocation = options.invocation
    this.deadlineAt = options.invocation.deadlineAt
    this.entry = options.entry
    this.sandboxMemoryBytesMax = options.sandboxMemoryBytesMax
    this.log = new LogLines(options.invocation.limits.logBytesMax)
    this.#events = events
  }

  /** The run a host function was called from. */
  static of(context: CallContext): ScriptRun {
    const { hostData } = context
    if (hostData instanceof ScriptRun) return hostData
    throw new TypeError('A script runs for no invocation')
  }

  get isQueued(): boolean {
    return this.#state === 'queued'
  }

  get isComputing(): boolean {
    return this.#state === 'computing'
  }

  get isEnded(): boolean {
    return this.#state === 'ended'
  }

  /** Why it is to end early. */
  get stopReason(): RunStop | null {
    return this.#stop
  }

  /** For scripts that can wait. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  /** Whether it may wait for the host. */
  get canWait(): boolean {
    return this.#controller !== undefined
  }

  /** The answer it streams. */
  get stream(): ScriptStream | null {
    return this.#stream
  }

  /** What it has failed by when its deadline has passed. */
  get lateReason(): RunStop {
    return this.#stream === null ? 'deadline' : 'streamTime'
  }

  /**
   * Begins the script, or goes on where it waited; `now` by `performance.now()`.
   *
   * @returns the outcome of a script that cannot wait; null when an event has told or will tell
   */
  proceed(now: number): RunOutcome | null {
    const from = this.#state
    const isLate = from !== 'queued' && Date.now() >= this.deadlineAt
    if (isLate) {
      if (from === 'ready') this.#state = 'computing'
      this.time.begin(now)
      this.stop(this.lateReason)
      return null
    }
    this.#state = 'computing'
    this.time.begin(now)
    if (from === 'ready') {
      this.#calls?.deliver()
      return null
    }
    const step = this.#stream === null ? runScript(this, now) : continueStream(this, this.#stream)
    if (step instanceof Promise) {
      step.then((value) => this.#endStretch(value))
      return null
    }
    if (step instanceof ScriptStream) {
      this.#endStretch(step)
      return null
    }
    this.#state = 'ended'
    return step
  }

  /** Ends a script where it waits; one that has not begun never begins. */
  stop(reason: RunStop): void {
    if (this.#stop !== null) return
    this.#stop = reason
    this.#controller?.abort(reason)
    if (this.#stream === null || (this.#state !== 'sending' && this.#state !== 'due')) return
    this.#endStretch(stopStream(this, this.#stream, reason))
  }

  /** All that could be sent of its answer was sent. Answers whether its turn can come again. */
  noteSent(): boolean {
    if (this.#state !== 'sending' || this.#stream?.hasRoom !== true) return false
    this.#state = 'due'
    return true
  }

  #endStretch(step: Step): void {
    if (!(step instanceof ScriptStream)) {
      this.#state = 'ended'
      this.#events.onEnd(this, step)
      return
    }
    this.time.end(performance.now())
    if (this.#stream === null) {
      this.#stream = step
      this.deadlineAt = Date.now() + this.invocation.limits.streamMs
    }
    this.#state = 'sending'
    if (this.#stop === null) this.#events.onChunk(this, step)
    else this.#endStretch(stopStream(this, step, this.#stop))
  }

  /** @throws RhaiError */
  callHost(called: CalledFunction, context: CallContext, args: readonly Value[]): Promise<Value> {
    const { limits } = this.invocation
    const now = performance.now()
    // Between two calls there may be too little work for the meter to look at the clock.
    if (this.time.until(now) > limits.cpuMsMax) throw computedTooLong(limits)
    this.#calls ??= new HostCalls({
      limits,
      send: (...call) => this.#events.sendCall(this, ...call),
      addTime: (ms) => this.time.add(ms),
      mask: this.mask,
    })
    const answer = this.#calls.ask(called, context, args, this.time.until(now))
    this.time.end(now)
    this.#state = 'waiting'
    this.#events.onPause(this)
    return answer
  }

  /** Whether the answer makes it ready to go on. */
  takeAnswer(call: number, answer: CallAnswer): boolean {
    if (this.#stop !== null || this.#calls?.take(call, answer) !== true) return false
    if (this.#state !== 'waiting') return false
    this.#state = 'ready'
    return true
  }
}
