/**
 * The supervisor: decides which sandbox runs what, and answers for every invocation.
 *
 * An invocation goes to the sandbox that `choose-sandbox.ts` says, or waits in one queue, fair
 * between apps, until one has room. Sandboxes are added when the ones there are do not keep up, one
 * is always there, and those above it end after a time without work.
 *
 * From the first work on, one more process is kept started and unused: the spare. When another
 * sandbox is needed, because of load or because one was lost, it takes that place at once, and the
 * next spare is started behind it.
 *
 * Scripts that compute for long may occupy every sandbox. An app that has none of them there does not
 * wait for their end: it is served by a refuge, a process beyond the number, which takes what such
 * apps ask and nothing else. There are at most as many of these as of the others.
 *
 * Promises: every invocation is settled by its deadline plus the grace. A sandbox that gives no
 * answer by then, or takes more memory than its ceiling, is killed and replaced. What a lost sandbox
 * had not begun runs once more elsewhere; what it may have begun does not, because a script's
 * effects must not happen twice. A sandbox that keeps too much memory is replaced too, but answers
 * what it holds first.
 *
 * One timer serves all deadlines, and none runs when there is nothing to wait for.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type {
  CallOrigin,
  CancelSignal,
  ExecutionBudget,
  ExecutionRequest,
  Executor,
  HostService,
  KnownSecret,
  Logger,
  UpcomingScript,
} from '@picloud/shared'
import { Backoff } from '../backoff.ts'
import { HostServices } from '../bridge/host-services.ts'
import { SandboxStartError } from '../errors.ts'
import {
  CANCELLED_FAILURE,
  memoryFailure,
  OVERLOADED_FAILURE,
  SANDBOX_LOST_FAILURE,
  STOPPED_FAILURE,
} from '../failures.ts'
import { DeadlineClock } from '../flight/deadline-clock.ts'
import { FairQueue } from '../flight/fair-queue.ts'
import { appOf, Flight, type FlightResult } from '../flight/flight.ts'
import { FrameTooLargeError } from '../protocol/protocol-error.ts'
import { chooseSandbox, PACK_MS } from './choose-sandbox.ts'
import { processMemory } from './linux-process.ts'
import type { MemoryCeiling } from './memory-ceiling.ts'
import {
  type HeldFlight,
  type LossReason,
  Sandbox,
  type SandboxEvents,
  type SandboxLoss,
  type SandboxSurroundings,
} from './sandbox.ts'
import type { SandboxCommand } from './sandbox-command.ts'
import { UsualTimes } from './usual-times.ts'

export interface SandboxPoolOptions {
  readonly command: SandboxCommand
  readonly processesMax: number
  readonly sandboxMemoryBytesMax: number
  readonly memoryCeiling: MemoryCeiling
  readonly logger: Logger
  /** What scripts can call; nothing when left out. */
  readonly services?: readonly HostService[]
  readonly queueMax: number
  /** How long after its deadline an invocation's sandbox may still answer. */
  readonly graceMs: number
  /** How long a process may take to say hello. */
  readonly startMsMax: number
  /** How long the sandboxes above the warm one stay without work. */
  readonly idleMs: number
  /** How long after the first work the spare is started: it must not slow that down. */
  readonly spareDelayMs: number
  /** How often the memory of sandboxes with work is looked at. */
  readonly memoryCheckMs: number
  /** One that is younger is not replaced for its memory: starting processes must not become the work. */
  readonly recycleAgeMsMin: number
  /** How long `stop` waits for killed processes to be gone. */
  readonly stopMsMax: number
}

/** What the supervisor counts; `lost` has those that ended without being told to. */
export interface SandboxFigures {
  /** Invocations for which no sandbox has room yet. */
  readonly waiting: number
  readonly started: number
  /** Replaced because they kept too much memory. */
  readonly recycled: number
  readonly lost: ReadonlyMap<LossReason, number>
}

/** What came of a call, and what it used by calls of its own. */
export interface CallResult {
  readonly outcome: Extract<FlightResult, { readonly kind: 'value' | 'failure' }>
  readonly byCalls: ExecutionBudget
  readonly secrets: readonly KnownSecret[]
}

export interface SandboxStatus {
  /** Undefined when the system refused the process. */
  readonly pid: number | undefined
  readonly isReady: boolean
  /** Invocations it holds. */
  readonly load: number
}

/** What waits no longer than this is not worth a process of its own. */
const REFUGE_MS = 20

/** A quarter of what one sandbox holds: there is always room for what is called. */
const CALLS_MAX = 1024
const NO_CALLS: ExecutionBudget = { operations: 0, cpuMs: 0, hostCalls: 0 }

export class SandboxPool {
  readonly #options: SandboxPoolOptions
  readonly #surroundings: SandboxSurroundings
  /** Those that get work, the oldest first. */
  readonly #sandboxes = new Set<Sandbox>()
  /** Beyond their number, for apps that wait only because others compute for long. */
  readonly #refuges = new Set<Sandbox>()
  /** Replaced, but still answering what they hold. */
  readonly #draining = new Set<Sandbox>()
  #spare: Sandbox | null = null
  /** When the spare may be started; null before the first work. */
  #spareDueAt: number | null = null
  /** Killed, but perhaps not gone yet. */
  readonly #ending = new Set<Sandbox>()
  readonly #queue = new FairQueue(appOf)
  readonly #backoff = new Backoff()
  readonly #clock = new DeadlineClock((now) => this.#sweep(now))
  readonly #events: SandboxEvents = {
    onReady: () => this.#backoff.worked(),
    onOutcome: (flight, ms) => this.#queue.measured(appOf(flight), ms),
    onAnswer: (sandbox) => this.#onAnswer(sandbox),
    onLost: (sandbox, loss) => this.#onLost(sandbox, loss),
  }
  readonly #lost = new Map<LossReason, number>()
  #started = 0
  #recycled = 0
  /** Calls of scripts by scripts that are under way. */
  #calls = 0
  /** When the memory of sandboxes was looked at last, on the clock of `performance.now()`. */
  #memoryCheckedAt = Number.NEGATIVE_INFINITY
  #stopping: Promise<void> | null = null

  constructor(options: SandboxPoolOptions) {
    this.#options = options
    const services = new HostServices(options.services ?? [], options.logger)
    this.#surroundings = { services, usualTimes: new UsualTimes() }
    this.#add()
  }

  /** The sandboxes that have work or get some, for whoever watches over the machine. */
  get sandboxes(): readonly SandboxStatus[] {
    return [...this.#sandboxes, ...this.#refuges, ...this.#draining].map(statusOf)
  }

  get spare(): SandboxStatus | null {
    return this.#spare === null ? null : statusOf(this.#spare)
  }

  get figures(): SandboxFigures {
    return {
      waiting: this.#queue.length,
      started: this.#started,
      recycled: this.#recycled,
      lost: this.#lost,
    }
  }

  execute(request: ExecutionRequest, signal?: CancelSignal): ReturnType<Executor['execute']> {
    return new Promise((resolve) => {
      const settle = (result: FlightResult): void => {
        assert(result.kind !== 'value', 'only calls come to values')
        resolve(result)
      }
      this.#begin(this.#flight(request, settle, signal), signal)
    })
  }

  /** Where its first invocation will go, if that is known now. Where much waits, nothing is done. */
  async prepare(script: UpcomingScript): Promise<void> {
    if (this.#stopping !== null || this.#queue.length > 0) return
    const sandbox = chooseSandbox(this.#sandboxes, performance.now())
    try {
      await sandbox?.prepare(script)
    } catch (error) {
      // Whoever asks for it is told.
      if (!(error instanceof FrameTooLargeError)) throw error
    }
  }

  /**
   * Runs a script for another one. Callers that wait take none of the room in which others compute,
   * but each is held somewhere: so only so many calls are under way that what they call finds a
   * place, too.
   */
  call(
    request: ExecutionRequest & { readonly call: CallOrigin },
    signal: AbortSignal,
  ): Promise<CallResult> {
    return new Promise((resolve) => {
      const settle = (result: FlightResult): void => {
        this.#calls -= 1
        assert(result.kind === 'value' || result.kind === 'failure', 'calls come to values')
        const { secrets } = flight.mask
        resolve({ outcome: result, byCalls: flight.calls?.used ?? NO_CALLS, secrets })
      }
      const flight = this.#flight(request, settle, signal)
      this.#calls += 1
      if (this.#calls > CALLS_MAX) flight.fail(OVERLOADED_FAILURE)
      else this.#begin(flight, signal)
    })
  }

  #flight(
    request: ExecutionRequest,
    settle: (result: FlightResult) => void,
    signal: CancelSignal | undefined,
  ): Flight {
    return new Flight(request, settle, signal, (cancelled) => this.#cancel(cancelled))
  }

  #begin(flight: Flight, signal: CancelSignal | undefined): void {
    if (signal?.aborted === true) flight.fail(CANCELLED_FAILURE)
    else if (this.#stopping !== null) flight.fail(STOPPED_FAILURE)
    else if (this.#queue.length >= this.#options.queueMax) flight.fail(OVERLOADED_FAILURE)
    else this.#accept(flight)
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  #accept(flight: Flight): void {
    const now = performance.now()
    const sandbox =
      (this.#queue.length === 0 ? chooseSandbox(this.#sandboxes, now) : null) ??
      this.#roomBeside(flight, now) ??
      (this.#queue.hasOf(appOf(flight)) ? null : this.#refugeOf(appOf(flight), now))
    if (sandbox !== null) {
      this.#send(sandbox, flight, now)
      return
    }
    this.#queue.add(flight)
    this.#clock.watch(Math.min(flight.deadlineAt, Date.now() + REFUGE_MS))
    if (this.#grow()) this.#drain()
  }

  /**
   * Where the only invocation of an app goes although others have taken all room: the sandbox runs
   * it before what else waits in there of theirs.
   */
  #roomBeside(flight: Flight, now: number): Sandbox | null {
    const app = appOf(flight)
    if (this.#queue.hasOf(app)) return null
    let best: Sandbox | null = null
    for (const sandbox of this.#sandboxes) {
      if (sandbox.holdsOf(app)) return null
      if (!sandbox.hasRoomBeside(now)) continue
      if (best === null || sandbox.load < best.load) best = sandbox
    }
    return best
  }

  /** Where an app is served that waits only because of others, once that takes long. */
  #refugeOf(app: string, now: number): Sandbox | null {
    if (!this.#isKeptOut(app, now)) return null
    for (const sandbox of this.#sandboxes) {
      if (!sandbox.isReady || sandbox.backlogMs(now) < REFUGE_MS) return null
    }
    return chooseSandbox(this.#refuges, now) ?? this.#addRefuge()
  }

  /**
   * Whether all sandboxes there may be are there, and what keeps the app out is nothing of its own.
   */
  #isKeptOut(app: string, now: number): boolean {
    if (this.#sandboxes.size < this.#options.processesMax) return false
    for (const sandbox of this.#sandboxes) if (sandbox.holdsOf(app)) return false
    for (const refuge of this.#refuges) {
      if (refuge.holdsOf(app) && !refuge.hasRoom(now)) return false
    }
    return true
  }

  #isAnyKeptOut(): boolean {
    const now = performance.now()
    for (const app of this.#queue.apps()) if (this.#isKeptOut(app, now)) return true
    return false
  }

  #addRefuge(): Sandbox | null {
    const spare = this.#spare
    if (spare?.isReady !== true || this.#refuges.size >= this.#options.processesMax) return null
    spare.takeIntoUse()
    this.#refuges.add(spare)
    this.#clock.watch(Date.now() + this.#options.idleMs)
    this.#spare = null
    this.#prepareSpare(Date.now())
    return spare
  }

  #send(sandbox: Sandbox, flight: Flight, now: number): void {
    const isBusy = sandbox.backlogMs(now) >= PACK_MS
    sandbox.send(flight, now)
    const { graceMs, memoryCheckMs, spareDelayMs } = this.#options
    this.#clock.watch(Math.min(flight.deadlineAt + graceMs, Date.now() + memoryCheckMs))
    this.#spareDueAt ??= Date.now() + spareDelayMs
    if (isBusy) this.#grow()
  }

  #drain(): void {
    while (this.#queue.length > 0) {
      const now = performance.now()
      const sandbox = chooseSandbox(this.#sandboxes, now)
      if (sandbox === null) {
        if (this.#grow()) continue
        this.#drainToRefuges(now)
        return
      }
      const flight = this.#queue.take()
      if (flight !== undefined) this.#send(sandbox, flight, now)
    }
  }

  #drainToRefuges(now: number): void {
    if (this.#sandboxes.size < this.#options.processesMax) return
    for (const app of [...new Set(this.#queue.apps())]) {
      const refuge = this.#refugeOf(app, now)
      const flight = refuge === null ? undefined : this.#queue.takeOf(app)
      if (refuge !== null && flight !== undefined) this.#send(refuge, flight, now)
    }
  }

  #onAnswer(sandbox: Sandbox): void {
    if (sandbox.isDraining && sandbox.isEmpty) sandbox.lose('recycled')
    else this.#drain()
  }

  #cancel(flight: Flight): void {
    if (this.#queue.remove(flight)) return
    for (const sandbox of this.#all()) sandbox.cancel(flight)
  }

  /**
   * Adds one more sandbox where that is allowed and one is not on its way already. Returns whether
   * the one it added is ready.
   */
  #grow(): boolean {
    if (this.#sandboxes.size >= this.#options.processesMax) return false
    const isOnItsWay = Array.from(this.#sandboxes).some(({ isStarting }) => isStarting)
    return isOnItsWay && this.#spare?.isReady !== true ? false : this.#add()
  }

  /** Adds a sandbox: the spare, which is there at once, or else a new one. */
  #add(): boolean {
    const spare = this.#spare
    const sandbox = spare ?? this.#start()
    if (sandbox === null) return false
    sandbox.takeIntoUse()
    this.#sandboxes.add(sandbox)
    if (this.#sandboxes.size > 1) this.#clock.watch(Date.now() + this.#options.idleMs)
    if (spare !== null) {
      this.#spare = null
      // Not at once: starting a process takes milliseconds, and whoever needs this one comes first.
      this.#clock.watch(Date.now())
    }
    return sandbox.isReady
  }

  #prepareSpare(now: number): void {
    if (this.#spare !== null || this.#spareDueAt === null || this.#spareDueAt > now) return
    this.#spare = this.#start()
  }

  #start(): Sandbox | null {
    if (this.#stopping !== null) return null
    const now = Date.now()
    const waitMs = this.#backoff.waitMs(now)
    if (waitMs > 0) {
      this.#clock.watch(now + waitMs)
      return null
    }
    try {
      const sandbox = new Sandbox(this.#options.command, this.#surroundings, this.#events)
      this.#started += 1
      this.#clock.watch(now + this.#options.startMsMax)
      return sandbox
    } catch (error) {
      if (!(error instanceof SandboxStartError)) throw error
      this.#options.logger.error({ err: error }, error.message)
      this.#backoff.failed(now)
      this.#clock.watch(now + this.#backoff.waitMs(now))
      return null
    }
  }

  #onLost(sandbox: Sandbox, loss: SandboxLoss): void {
    const wasInUse = this.#sandboxes.delete(sandbox)
    this.#draining.delete(sandbox)
    this.#refuges.delete(sandbox)
    if (this.#spare === sandbox) this.#spare = null
    this.#ending.add(sandbox)
    sandbox.ended.then(() => this.#ending.delete(sandbox))
    if (loss.reason === 'retired' || loss.reason === 'recycled') return
    this.#lost.set(loss.reason, (this.#lost.get(loss.reason) ?? 0) + 1)
    if (!loss.wasReady) this.#backoff.failed(Date.now())
    const { held, ...facts } = loss
    this.#options.logger.warn(
      { pid: sandbox.pid, held: held.length, ...facts },
      'a sandbox process was lost',
    )
    if (this.#stopping !== null) return
    this.#queue.addFront(held.filter((each) => !this.#answerHeld(each, loss)).map(flightOf))
    if (wasInUse) this.#add()
    else this.#prepareSpare(Date.now())
    this.#drain()
  }

  /** Whether a held invocation was answered; otherwise it runs again. */
  #answerHeld({ flight, progress }: HeldFlight, loss: SandboxLoss): boolean {
    if (flight.isSettled) return true
    if (flight.deadlineAt <= Date.now()) {
      flight.failLate()
    } else if (progress === 'none' && !flight.isRetry) {
      flight.isRetry = true
      return false
    } else if (loss.reason === 'memory' && (progress === 'computing' || loss.held.length === 1)) {
      flight.fail(memoryFailure(this.#options.sandboxMemoryBytesMax))
    } else {
      flight.fail(SANDBOX_LOST_FAILURE)
    }
    return true
  }

  /** Does what is due, and says when the next thing will be. */
  #sweep(now: number): number | null {
    this.#sweepQueue(now)
    for (const sandbox of this.#all()) this.#sweepSandbox(sandbox, now)
    this.#sweepMemory(now)
    this.#sweepIdle()
    if (this.#sandboxes.size === 0 || this.#queue.length > 0) this.#grow()
    this.#drain()
    this.#prepareSpare(now)
    return this.#nextDue()
  }

  #sweepQueue(now: number): void {
    for (const flight of this.#queue) {
      if (flight.deadlineAt > now) continue
      this.#queue.remove(flight)
      flight.failLate()
    }
  }

  #sweepSandbox(sandbox: Sandbox, now: number): void {
    const { graceMs, startMsMax } = this.#options
    if (sandbox.isStarting) {
      if (sandbox.startedAt + startMsMax <= now) sandbox.lose('start_deadline')
      return
    }
    for (const { flight, isSuspect } of sandbox.held()) {
      if (flight.deadlineAt + graceMs > now) continue
      if (isSuspect) {
        sandbox.lose('hung')
        return
      }
      // Another one computes and has time left: no reason to kill anything.
      if (flight.isSettled) continue
      flight.failLate()
      sandbox.cancel(flight)
    }
  }

  /** Looks at the memory of those that had work since it was looked at last. */
  #sweepMemory(now: number): void {
    const since = this.#memoryCheckedAt
    if (performance.now() - since < this.#options.memoryCheckMs) return
    this.#memoryCheckedAt = performance.now()
    const { residentBytesMax, ownBytesToRecycle } = this.#options.memoryCeiling
    for (const sandbox of this.#all()) {
      if (sandbox.load === 0 && sandbox.usedAt < since) continue
      const memory = sandbox.pid === undefined ? null : processMemory(sandbox.pid)
      if (memory === null) continue
      if (memory.residentBytes > residentBytesMax) sandbox.lose('memory')
      else if (memory.ownBytes > ownBytesToRecycle) this.#recycle(sandbox, memory.ownBytes, now)
    }
  }

  /** Puts the spare in its place, so that nobody waits; without a spare it may go on for now. */
  #recycle(sandbox: Sandbox, ownBytes: number, now: number): void {
    if (now - sandbox.startedAt < this.#options.recycleAgeMsMin) return
    if (this.#spare?.isReady !== true || !this.#sandboxes.delete(sandbox)) return
    this.#recycled += 1
    this.#options.logger.info(
      { pid: sandbox.pid, ownBytes, held: sandbox.held().length },
      'a sandbox process is replaced because of the memory it keeps',
    )
    this.#draining.add(sandbox)
    sandbox.drain()
    this.#add()
    if (sandbox.isEmpty) sandbox.lose('recycled')
  }

  #sweepIdle(): void {
    const surplus = this.#surplus()
    const idleSince = performance.now() - this.#options.idleMs
    for (const sandbox of surplus) {
      const isIdle = sandbox.isReady && sandbox.isEmpty
      if (isIdle && sandbox.usedAt <= idleSince) sandbox.lose('retired')
    }
  }

  #nextDue(): number | null {
    const now = Date.now()
    const due: number[] = []
    for (const flight of this.#queue) due.push(flight.deadlineAt)
    for (const sandbox of this.#all()) due.push(...this.#dueOf(sandbox, now))
    if (this.#surplus().length > 0) due.push(now + this.#idleInMs())
    if (this.#isAnyKeptOut()) due.push(now + REFUGE_MS)
    const waitMs = this.#backoff.waitMs(now)
    if (waitMs > 0) due.push(now + waitMs)
    else if (this.#spare === null && this.#spareDueAt !== null) due.push(this.#spareDueAt)
    let next: number | null = null
    for (const at of due) if (next === null || at < next) next = at
    return next
  }

  #dueOf(sandbox: Sandbox, now: number): readonly number[] {
    const { graceMs, startMsMax, memoryCheckMs } = this.#options
    if (sandbox.isStarting) return [sandbox.startedAt + startMsMax]
    const due: number[] = []
    const earliest = sandbox.earliestDeadline()
    // One that is past that only waits behind another: it is looked at again, but not at once.
    if (earliest !== null) due.push(earliest + graceMs > now ? earliest + graceMs : now + graceMs)
    // Once more after the last work: what a script leaves behind is seen then.
    const isToCheck = sandbox.load > 0 || sandbox.usedAt >= this.#memoryCheckedAt
    if (isToCheck) due.push(now + memoryCheckMs)
    return due
  }

  /** In how many milliseconds the next surplus sandbox will have been idle for long enough. */
  #idleInMs(): number {
    const { idleMs } = this.#options
    const now = performance.now()
    const waits = this.#surplus().map(({ isReady, isEmpty, usedAt }) =>
      isReady && isEmpty ? usedAt + idleMs - now : idleMs,
    )
    return Math.max(0, Math.min(...waits))
  }

  /** Those above the one that is always there. */
  #surplus(): readonly Sandbox[] {
    const [, ...others] = this.#sandboxes
    return [...others, ...this.#refuges]
  }

  #all(): readonly Sandbox[] {
    const spare = this.#spare === null ? [] : [this.#spare]
    return [...this.#sandboxes, ...this.#refuges, ...this.#draining, ...spare]
  }

  async #stop(): Promise<void> {
    this.#clock.stop()
    for (const flight of this.#queue) flight.fail(STOPPED_FAILURE)
    for (const sandbox of this.#all()) {
      for (const { flight } of sandbox.held()) flight.fail(STOPPED_FAILURE)
      sandbox.lose('retired')
    }
    const gone = Promise.all([...this.#ending].map(({ ended }) => ended))
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), this.#options.stopMsMax)
    })
    const result = await Promise.race([gone, late])
    clearTimeout(timer)
    if (result === 'late') {
      this.#options.logger.error({ pids: this.#endingPids() }, 'sandbox processes did not end')
    }
  }

  #endingPids(): readonly (number | undefined)[] {
    return [...this.#ending].map(({ pid }) => pid)
  }
}

function statusOf({ pid, isReady, load }: Sandbox): SandboxStatus {
  return { pid, isReady, load }
}

function flightOf({ flight }: HeldFlight): Flight {
  return flight
}
