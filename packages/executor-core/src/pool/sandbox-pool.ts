/**
 * The supervisor: decides which sandbox runs what, and answers for every invocation.
 *
 * An invocation goes to the ready sandbox with the least to do, or waits in one queue, fair between
 * apps, until one has room. Sandboxes are started when the ones there are do not keep up, one is kept warm, and those
 * above it end after a time without work.
 *
 * Promises: every invocation is settled by its deadline plus the grace. A sandbox that gives no
 * answer by then is killed and replaced. What a lost sandbox had not begun runs once more
 * elsewhere; what it may have begun does not, because a script's effects must not happen twice.
 *
 * One timer serves all deadlines, and none runs when there is nothing to wait for.
 *
 * @module
 */
import type { ExecutionOutcome, ExecutionRequest, HostService, Logger } from '@picloud/shared'
import { Backoff } from '../backoff.ts'
import { HostServices } from '../bridge/host-services.ts'
import { SandboxStartError } from '../errors.ts'
import {
  CANCELLED_FAILURE,
  DEADLINE_FAILURE,
  memoryFailure,
  OVERLOADED_FAILURE,
  SANDBOX_LOST_FAILURE,
  STOPPED_FAILURE,
} from '../failures.ts'
import { DeadlineClock } from '../flight/deadline-clock.ts'
import { FairQueue } from '../flight/fair-queue.ts'
import { appOf, Flight } from '../flight/flight.ts'
import {
  type HeldFlight,
  type LossReason,
  Sandbox,
  type SandboxEvents,
  type SandboxLoss,
} from './sandbox.ts'
import type { SandboxCommand } from './sandbox-command.ts'

export interface SandboxPoolOptions {
  readonly command: SandboxCommand
  readonly processesMax: number
  readonly sandboxMemoryBytesMax: number
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
  /** How long `stop` waits for killed processes to be gone. */
  readonly stopMsMax: number
}

/** What the supervisor counts; `lost` has those that ended without being told to. */
export interface SandboxFigures {
  /** Invocations for which no sandbox has room yet. */
  readonly waiting: number
  readonly started: number
  readonly lost: ReadonlyMap<LossReason, number>
}

export interface SandboxStatus {
  /** Undefined when the system refused the process. */
  readonly pid: number | undefined
  readonly isReady: boolean
  /** Invocations it holds. */
  readonly load: number
}

/** One waiting inside a sandbox is enough reason to start another. */
const LOAD_TO_GROW = 2

export class SandboxPool {
  readonly #options: SandboxPoolOptions
  readonly #services: HostServices
  readonly #sandboxes = new Set<Sandbox>()
  /** Killed, but perhaps not gone yet. */
  readonly #ending = new Set<Sandbox>()
  readonly #queue = new FairQueue(appOf)
  readonly #backoff = new Backoff()
  readonly #clock = new DeadlineClock((now) => this.#sweep(now))
  readonly #events: SandboxEvents = {
    onReady: () => this.#backoff.worked(),
    onOutcome: (flight, ms) => this.#queue.measured(appOf(flight), ms),
    onAnswer: () => this.#drain(),
    onLost: (sandbox, loss) => this.#onLost(sandbox, loss),
  }
  readonly #lost = new Map<LossReason, number>()
  #started = 0
  #workedAt = 0
  #stopping: Promise<void> | null = null

  constructor(options: SandboxPoolOptions) {
    this.#options = options
    this.#services = new HostServices(options.services ?? [], options.logger)
    this.#start()
  }

  /** The sandboxes there are now, for whoever watches over the machine. */
  get sandboxes(): readonly SandboxStatus[] {
    return Array.from(this.#sandboxes, ({ pid, isReady, load }) => ({ pid, isReady, load }))
  }

  get figures(): SandboxFigures {
    return { waiting: this.#queue.length, started: this.#started, lost: this.#lost }
  }

  execute(request: ExecutionRequest, signal?: AbortSignal): Promise<ExecutionOutcome> {
    return new Promise((resolve) => {
      const flight = new Flight(request, resolve, signal, (cancelled) => this.#cancel(cancelled))
      if (signal?.aborted === true) flight.fail(CANCELLED_FAILURE)
      else if (this.#stopping !== null) flight.fail(STOPPED_FAILURE)
      else if (this.#queue.length >= this.#options.queueMax) flight.fail(OVERLOADED_FAILURE)
      else this.#accept(flight)
    })
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  #accept(flight: Flight): void {
    const { deadlineAt } = flight.request
    this.#workedAt = performance.now()
    const sandbox =
      (this.#queue.length === 0 ? this.#leastBusy() : null) ?? this.#roomBeside(flight)
    if (sandbox !== null) {
      this.#send(sandbox, flight)
      return
    }
    this.#queue.add(flight)
    this.#clock.watch(deadlineAt)
    this.#grow()
  }

  /** The sandbox with the least to do among those that have room. */
  #leastBusy(): Sandbox | null {
    const now = performance.now()
    let best: Sandbox | null = null
    for (const sandbox of this.#sandboxes) {
      if (sandbox.hasRoom(now) && (best === null || sandbox.load < best.load)) best = sandbox
    }
    return best
  }

  /**
   * Where the only invocation of an app goes although others have taken all room: the sandbox runs
   * it before what else waits in there of theirs.
   */
  #roomBeside(flight: Flight): Sandbox | null {
    const app = appOf(flight)
    if (this.#queue.hasOf(app)) return null
    const now = performance.now()
    let best: Sandbox | null = null
    for (const sandbox of this.#sandboxes) {
      if (sandbox.holdsOf(app)) return null
      if (!sandbox.hasRoomBeside(now)) continue
      if (best === null || sandbox.load < best.load) best = sandbox
    }
    return best
  }

  #send(sandbox: Sandbox, flight: Flight): void {
    sandbox.send(flight, performance.now())
    this.#clock.watch(flight.request.deadlineAt + this.#options.graceMs)
    if (sandbox.load >= LOAD_TO_GROW) this.#grow()
  }

  #drain(): void {
    while (this.#queue.length > 0) {
      const sandbox = this.#leastBusy()
      if (sandbox === null) {
        this.#grow()
        return
      }
      const flight = this.#queue.take()
      if (flight !== undefined) this.#send(sandbox, flight)
    }
  }

  #cancel(flight: Flight): void {
    if (this.#queue.remove(flight)) return
    for (const sandbox of this.#sandboxes) sandbox.cancel(flight)
  }

  /** Starts one more sandbox where that is allowed and one is not on its way already. */
  #grow(): void {
    if (this.#sandboxes.size >= this.#options.processesMax) return
    for (const sandbox of this.#sandboxes) if (sandbox.isStarting) return
    this.#start()
  }

  #start(): void {
    if (this.#stopping !== null) return
    const now = Date.now()
    const waitMs = this.#backoff.waitMs(now)
    if (waitMs > 0) {
      this.#clock.watch(now + waitMs)
      return
    }
    try {
      this.#sandboxes.add(new Sandbox(this.#options.command, this.#services, this.#events))
      this.#started += 1
      this.#clock.watch(now + this.#options.startMsMax)
      if (this.#sandboxes.size > 1) this.#clock.watch(now + this.#options.idleMs)
    } catch (error) {
      if (!(error instanceof SandboxStartError)) throw error
      this.#options.logger.error({ err: error }, error.message)
      this.#backoff.failed(now)
      this.#clock.watch(now + this.#backoff.waitMs(now))
    }
  }

  #onLost(sandbox: Sandbox, loss: SandboxLoss): void {
    this.#sandboxes.delete(sandbox)
    this.#ending.add(sandbox)
    sandbox.ended.then(() => this.#ending.delete(sandbox))
    if (loss.reason === 'retired') return
    this.#lost.set(loss.reason, (this.#lost.get(loss.reason) ?? 0) + 1)
    if (!loss.wasReady) this.#backoff.failed(Date.now())
    const { held, ...facts } = loss
    this.#options.logger.warn(
      { pid: sandbox.pid, held: held.length, ...facts },
      'a sandbox process was lost',
    )
    if (this.#stopping !== null) return
    this.#queue.addFront(held.filter((each) => !this.#answerHeld(each, loss)).map(flightOf))
    this.#start()
    this.#drain()
  }

  /** Whether a held invocation was answered; otherwise it runs again. */
  #answerHeld({ flight, progress }: HeldFlight, loss: SandboxLoss): boolean {
    if (flight.isSettled) return true
    if (flight.request.deadlineAt <= Date.now()) {
      flight.fail(DEADLINE_FAILURE)
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
    for (const sandbox of [...this.#sandboxes]) this.#sweepSandbox(sandbox, now)
    this.#sweepIdle()
    if (this.#sandboxes.size === 0 || this.#queue.length > 0) this.#grow()
    return this.#nextDue()
  }

  #sweepQueue(now: number): void {
    for (const flight of this.#queue) {
      if (flight.request.deadlineAt > now) continue
      this.#queue.remove(flight)
      flight.fail(DEADLINE_FAILURE)
    }
  }

  #sweepSandbox(sandbox: Sandbox, now: number): void {
    const { graceMs, startMsMax } = this.#options
    if (sandbox.isStarting) {
      if (sandbox.startedAt + startMsMax <= now) sandbox.lose('start_deadline')
      return
    }
    for (const { flight, isSuspect } of sandbox.held()) {
      if (flight.request.deadlineAt + graceMs > now) continue
      if (isSuspect) {
        sandbox.lose('hung')
        return
      }
      // Another one computes and has time left: no reason to kill anything.
      if (flight.isSettled) continue
      flight.fail(DEADLINE_FAILURE)
      sandbox.cancel(flight)
    }
  }

  #sweepIdle(): void {
    if (performance.now() - this.#workedAt < this.#options.idleMs || this.#isBusy()) return
    const [, ...surplus] = this.#sandboxes
    for (const sandbox of surplus) sandbox.lose('retired')
  }

  #isBusy(): boolean {
    if (this.#queue.length > 0) return true
    for (const sandbox of this.#sandboxes) if (!sandbox.isEmpty) return true
    return false
  }

  #nextDue(): number | null {
    const { graceMs, startMsMax, idleMs } = this.#options
    const now = Date.now()
    const due: number[] = []
    for (const flight of this.#queue) due.push(flight.request.deadlineAt)
    for (const sandbox of this.#sandboxes) {
      if (sandbox.isStarting) due.push(sandbox.startedAt + startMsMax)
      const earliest = sandbox.earliestDeadline()
      // One that is past that only waits behind another: it is looked at again, but not at once.
      if (earliest !== null) due.push(earliest + graceMs > now ? earliest + graceMs : now + graceMs)
    }
    if (this.#sandboxes.size > 1) due.push(now + idleMs)
    const waitMs = this.#backoff.waitMs(now)
    if (waitMs > 0) due.push(now + waitMs)
    let next: number | null = null
    for (const at of due) if (next === null || at < next) next = at
    return next
  }

  async #stop(): Promise<void> {
    this.#clock.stop()
    for (const flight of this.#queue) flight.fail(STOPPED_FAILURE)
    for (const sandbox of [...this.#sandboxes]) {
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

function flightOf({ flight }: HeldFlight): Flight {
  return flight
}
