/**
 * One invocation in this process, from its arrival to its outcome.
 *
 * States, and what moves between them:
 *
 *     queued      it has not begun
 *     computing   its script runs; at most one invocation of a process does
 *     waiting     it has called the host
 *     ready       the host has answered, and it waits for its turn to go on
 *     ended       its outcome was handed to `onEnd`
 *
 *     queued, ready -> computing     `proceed`
 *     computing -> waiting           the script calls the host: `onPause`
 *     waiting -> ready               `takeAnswer`
 *     any -> ended                   the script ends; `stop` makes it do so where it waits
 *
 * Host functions find the run they are called from through `ScriptRun.of`.
 *
 * @module
 */
import type { CallContext, Value } from '@picloud/rhai'
import type { ExecutionOutcome } from '@picloud/shared'
import type { CallAnswer } from '../protocol/call-message.ts'
import type { Invocation } from '../protocol/invocation-message.ts'
import { ComputingTime } from './computing-time.ts'
import { type CalledFunction, HostCalls, type SendCall } from './host-calls.ts'
import { LogLines } from './log-lines.ts'
import type { ScriptEntry } from './program-cache.ts'
import { computedTooLong } from './run-limit-error.ts'
import { runScript } from './run-script.ts'
import type { RunStop } from './run-stop.ts'

export interface ScriptRunEvents {
  /** The script has called the host. Called from inside the script: do no more than take note. */
  onPause(run: ScriptRun): void
  /** For scripts that may wait; the others give their outcome at once. */
  onEnd(run: ScriptRun, outcome: ExecutionOutcome): void
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
  readonly time = new ComputingTime()
  readonly #events: ScriptRunEvents
  #state: 'queued' | 'computing' | 'waiting' | 'ready' | 'ended' = 'queued'
  #calls: HostCalls | undefined
  #controller: AbortController | undefined
  #stop: RunStop | null = null

  constructor(options: ScriptRunOptions, events: ScriptRunEvents) {
    this.id = options.id
    this.invocation = options.invocation
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

  /**
   * Begins the script, or goes on where it waited; `now` by `performance.now()`.
   *
   * @returns the outcome of a script that cannot wait; null when `onPause` or `onEnd` will tell
   */
  proceed(now: number): ExecutionOutcome | null {
    const isBeginning = this.#state === 'queued'
    this.#state = 'computing'
    this.time.begin(now)
    if (!isBeginning) {
      if (Date.now() >= this.invocation.deadlineAt) this.stop('deadline')
      else this.#calls?.deliver()
      return null
    }
    const outcome = runScript(this, now)
    if (!(outcome instanceof Promise)) {
      this.#state = 'ended'
      return outcome
    }
    outcome.then((value) => {
      this.#state = 'ended'
      this.#events.onEnd(this, value)
    })
    return null
  }

  /** Ends a script where it waits for the host; one that has not begun never begins. */
  stop(reason: RunStop): void {
    if (this.#stop !== null) return
    this.#stop = reason
    this.#controller?.abort(reason)
  }

  /** @throws RhaiError */
  callHost(called: CalledFunction, context: CallContext, args: readonly Value[]): Promise<Value> {
    const { limits } = this.invocation
    const now = performance.now()
    // Between two calls there may be too little work for the meter to look at the clock.
    if (this.time.until(now) > limits.cpuMsMax) throw computedTooLong(limits)
    this.#calls ??= new HostCalls(limits, (...call) => this.#events.sendCall(this, ...call))
    const answer = this.#calls.ask(called, context, args)
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
