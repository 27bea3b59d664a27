/**
 * The `Executor` port over a Unix socket: runs scripts in the executor program of this node.
 *
 * States, and what holds in each:
 *
 *     unlinked    no connection; invocations wait for one, for `linkWaitMs` at most
 *     linking     a connection is being made, or has not said hello
 *     linked      invocations are sent as they come
 *     stopped     every invocation fails with PIC_EXEC_STOPPED
 *
 *     unlinked -> linking     an invocation waits and the backoff allows an attempt
 *     linking -> linked       the other end says hello: what waits is sent
 *     linking, linked -> unlinked    the connection ends: what was sent fails with
 *                             PIC_EXEC_LINK_LOST, since it may have begun
 *     any -> stopped          `stop`
 *
 * A connection is only tried when someone waits for it, so a node without traffic polls nothing.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { createConnection } from 'node:net'
import type {
  CancelSignal,
  ExecutionRequest,
  Executor,
  Logger,
  UpcomingScript,
} from '@picloud/shared'
import { DEFAULT_LIMITS, SILENT_LOGGER } from '@picloud/shared'
import { Backoff } from '../backoff.ts'
import {
  CANCELLED_FAILURE,
  LINK_LOST_FAILURE,
  OVERLOADED_FAILURE,
  STOPPED_FAILURE,
} from '../failures.ts'
import { DeadlineClock } from '../flight/deadline-clock.ts'
import { FairQueue } from '../flight/fair-queue.ts'
import { appOf, Flight, type FlightResult } from '../flight/flight.ts'
import { FrameTooLargeError } from '../protocol/protocol-error.ts'
import { ExecutorLink } from './executor-link.ts'

export interface RemoteExecutorOptions {
  readonly socketPath: string
  /** How many invocations may wait for a connection. */
  readonly queueRequestsMax?: number
  /** How long an invocation waits for a connection before it fails. */
  readonly linkWaitMs?: number
  readonly logger?: Logger
}

/** The executor program has its own grace; this is for one that answers nothing at all. */
const GRACE_MS = 1_000
const HELLO_MS_MAX = 5_000
const LINK_WAIT_MS = 1_000

/**
 * An executor reached through a socket. It connects at once and again whenever that is needed; a
 * program that is not there yet is no error.
 */
export function connectExecutor(options: RemoteExecutorOptions): Executor {
  return new RemoteExecutor(options)
}

class RemoteExecutor implements Executor {
  readonly #socketPath: string
  readonly #queueMax: number
  readonly #linkWaitMs: number
  readonly #logger: Logger
  readonly #waiting = new FairQueue(appOf)
  readonly #backoff = new Backoff()
  readonly #clock = new DeadlineClock((now) => this.#sweep(now))
  #link: ExecutorLink | null = null
  #stopped = false

  constructor(options: RemoteExecutorOptions) {
    this.#socketPath = options.socketPath
    this.#queueMax = options.queueRequestsMax ?? DEFAULT_LIMITS.queueRequestsMax
    this.#linkWaitMs = options.linkWaitMs ?? LINK_WAIT_MS
    this.#logger = options.logger ?? SILENT_LOGGER
    this.#connect()
  }

  execute(request: ExecutionRequest, signal?: CancelSignal): ReturnType<Executor['execute']> {
    return new Promise((resolve) => {
      const settle = (result: FlightResult): void => {
        assert(result.kind !== 'value', 'only calls come to values')
        resolve(result)
      }
      const flight = new Flight(request, settle, signal, (gone) => this.#cancel(gone))
      if (signal?.aborted === true) flight.fail(CANCELLED_FAILURE)
      else if (this.#stopped) flight.fail(STOPPED_FAILURE)
      else if (this.#link?.isReady === true) this.#send(this.#link, flight)
      else if (this.#waiting.length >= this.#queueMax) flight.fail(OVERLOADED_FAILURE)
      else this.#wait(flight)
    })
  }

  /** Not worth a connection of its own. */
  async prepare(script: UpcomingScript): Promise<void> {
    if (this.#stopped || this.#link?.isReady !== true) return
    try {
      await this.#link.prepare(script)
    } catch (error) {
      // Whoever asks for it is told.
      if (!(error instanceof FrameTooLargeError)) throw error
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#clock.stop()
    for (const flight of this.#waiting) flight.fail(STOPPED_FAILURE)
    const link = this.#link
    if (link === null) return
    for (const flight of link.held()) flight.fail(STOPPED_FAILURE)
    link.close()
    await link.ended
  }

  #cancel(flight: Flight): void {
    if (!this.#waiting.remove(flight)) this.#link?.cancel(flight)
  }

  #send(link: ExecutorLink, flight: Flight): void {
    link.send(flight)
    this.#clock.watch(flight.deadlineAt + GRACE_MS)
  }

  #wait(flight: Flight): void {
    this.#waiting.add(flight)
    this.#clock.watch(Math.min(flight.deadlineAt, Date.now() + this.#linkWaitMs))
    this.#connect()
  }

  #connect(): void {
    if (this.#link !== null || this.#stopped) return
    const now = Date.now()
    const waitMs = this.#backoff.waitMs(now)
    if (waitMs > 0) {
      this.#clock.watch(now + waitMs)
      return
    }
    this.#clock.watch(now + HELLO_MS_MAX)
    const link = new ExecutorLink(createConnection(this.#socketPath), {
      onReady: () => this.#onLinked(link),
      onLost: (error) => this.#onLost(link, error),
    })
    this.#link = link
  }

  #onLinked(link: ExecutorLink): void {
    this.#backoff.worked()
    for (;;) {
      const flight = this.#waiting.take()
      if (flight === undefined) return
      this.#send(link, flight)
    }
  }

  #onLost(link: ExecutorLink, error: Error | null): void {
    this.#link = null
    if (this.#stopped) return
    if (!link.isReady) this.#backoff.failed(Date.now())
    const held = link.held()
    for (const flight of held) flight.fail(LINK_LOST_FAILURE)
    const { message } = error ?? { message: 'closed by the other end' }
    this.#logger.warn(
      { socket_path: this.#socketPath, held: held.length, reason: message },
      'the executor is not reachable',
    )
    if (this.#waiting.length > 0) this.#connect()
  }

  #sweep(now: number): number | null {
    for (const flight of this.#waiting) {
      const isLate = flight.deadlineAt <= now
      if (!isLate && flight.ageMs < this.#linkWaitMs) continue
      this.#waiting.remove(flight)
      if (isLate) flight.failLate()
      else flight.fail(LINK_LOST_FAILURE)
    }
    const link = this.#link
    if (link !== null && !link.isReady && link.createdAt + HELLO_MS_MAX <= now) link.close()
    for (const flight of link?.held() ?? []) {
      if (flight.deadlineAt + GRACE_MS > now || flight.isSettled) continue
      flight.failLate()
      link?.cancel(flight)
    }
    if (this.#waiting.length > 0) this.#connect()
    return this.#nextDue(now)
  }

  #nextDue(now: number): number | null {
    const due: number[] = []
    for (const { deadlineAt, ageMs } of this.#waiting) {
      due.push(deadlineAt, now + this.#linkWaitMs - ageMs)
    }
    if (due.length > 0) due.push(now + this.#backoff.waitMs(now))
    const link = this.#link
    if (link?.isReady === false) due.push(link.createdAt + HELLO_MS_MAX)
    for (const flight of link?.held() ?? []) {
      if (!flight.isSettled) due.push(flight.deadlineAt + GRACE_MS)
    }
    let next: number | null = null
    for (const at of due) if (at > now && (next === null || at < next)) next = at
    return next
  }
}
