/**
 * One sandbox process as its supervisor sees it.
 *
 * States, and what holds in each:
 *
 *     starting   the process was spawned and has not said hello; it holds no invocation
 *     ready      it takes invocations and answers them in the order it was sent them
 *     lost       it was killed or has died; it holds nothing, what it held was handed to `onLost`
 *
 *     starting -> ready   its hello arrives
 *     starting, ready -> lost   `lose` (the pool finds it hung, or it is not needed any more), the
 *                 process ends by itself, or it sends bytes that break the protocol
 *
 * `lost` is final. `ended` resolves when the process is really gone. Which sandbox to use, what to
 * do with what a lost one held, and when it is hung is the pool's business.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import type { ExecutionOutcome } from '@picloud/shared'
import { SandboxStartError } from '../errors.ts'
import { requestTooLargeFailure } from '../failures.ts'
import type { Flight } from '../flight/flight.ts'
import { DEFAULT_FRAME_LIMITS, FRAME_KIND, type Frame } from '../protocol/frame.ts'
import { FrameChannel } from '../protocol/frame-channel.ts'
import { InvocationSender } from '../protocol/invocation-sender.ts'
import { decodeOutcome } from '../protocol/outcome-message.ts'
import { FrameTooLargeError, ProtocolError } from '../protocol/protocol-error.ts'
import type { SandboxCommand } from './sandbox-command.ts'

/** What the pool is told. */
export interface SandboxEvents {
  onReady(sandbox: Sandbox): void
  /** `ms`: how long the script ran. */
  onOutcome(flight: Flight, ms: number): void
  /** After the outcomes of one read. */
  onAnswer(sandbox: Sandbox): void
  onLost(sandbox: Sandbox, loss: SandboxLoss): void
}

export type LossReason = 'crashed' | 'memory' | 'protocol' | 'hung' | 'start_deadline' | 'retired'

export interface SandboxLoss {
  readonly reason: LossReason
  /** Whether it had said hello. */
  readonly wasReady: boolean
  readonly exitCode: number | null
  readonly exitSignal: string | null
  readonly stderr: string
  /** In the order they were sent; the settled ones are among them. */
  readonly held: readonly HeldFlight[]
}

export interface HeldFlight {
  readonly flight: Flight
  /** `no` only when it is certain: such an invocation may run elsewhere. */
  readonly begun: 'yes' | 'no' | 'unknown'
}

/** How many invocations may wait inside one process while its scripts are short. */
const WINDOW_MAX = 64
/** A window is as many scripts as usually take this long, so that none waits much longer. */
const WINDOW_MS = 4
const WINDOW_FIRST = 8
/** How much one duration changes the usual one. */
const DURATION_WEIGHT = 0.2
/** Without an answer for this long, a sandbox holding invocations gets no more. */
const STALLED_MS = 10
/** More than this not taken by the socket: it gets no more. */
const UNSENT_BYTES_MAX = 8 * 1024 * 1024
const STDERR_BYTES_MAX = 8 * 1024
/** What V8 and Node print before they abort for want of memory. */
const MEMORY_DEATH = /heap limit|out of memory|Array buffer allocation failed/i

export class Sandbox {
  readonly startedAt = Date.now()
  readonly ended: Promise<void>
  readonly #events: SandboxEvents
  readonly #child: ChildProcess
  readonly #channel: FrameChannel
  readonly #flights = new Map<number, Flight>()
  readonly #sender: InvocationSender
  #state: 'starting' | 'ready' | 'lost' = 'starting'
  #lastId = 0
  /** The last invocation announced by a `started` frame. */
  #begunId = 0
  #usualMs = WINDOW_MS / WINDOW_FIRST
  /** When it last answered, or was sent something while it held nothing. */
  #movedAt = 0
  #stderr = ''

  /** @throws SandboxStartError when the system refuses the process outright. */
  constructor(command: SandboxCommand, events: SandboxEvents) {
    this.#events = events
    const { child, socket } = startProcess(command)
    this.#child = child
    this.#channel = new FrameChannel({
      socket,
      limits: DEFAULT_FRAME_LIMITS,
      onFrame: (frame) => this.#receive(frame),
      onChunkEnd: () => this.#events.onAnswer(this),
      onClose: (error) => this.#onClosed(error),
    })
    this.#sender = new InvocationSender(this.#channel)
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-STDERR_BYTES_MAX)
    })
    this.ended = new Promise((resolve) => {
      // Emitted when the process is gone and everything it wrote has been read.
      this.#child.once('close', (exitCode, exitSignal) => {
        this.#onEnded(exitCode, exitSignal)
        resolve()
      })
      this.#child.once('error', (error) => {
        this.#stderr += String(error)
        if (this.#child.pid !== undefined) return
        this.#onEnded(null, null)
        resolve()
      })
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get isReady(): boolean {
    return this.#state === 'ready'
  }

  get isStarting(): boolean {
    return this.#state === 'starting'
  }

  /** Invocations it was sent and has not answered. */
  get load(): number {
    return this.#flights.size
  }

  /** Whether it is right to send it one more now. */
  hasRoom(now: number): boolean {
    if (this.#state !== 'ready') return false
    return this.#flights.size === 0 || this.#takesUpTo(this.#window, now)
  }

  /**
   * Whether an invocation of an app that has none under way may go ahead of those of others here.
   * Where a window is a single script, whichever sandbox is free first is the better choice.
   */
  hasRoomBeside(now: number): boolean {
    return this.#state === 'ready' && this.#window > 1 && this.#takesUpTo(2 * this.#window, now)
  }

  /** Whether it holds an invocation of that app. */
  holdsOf(app: string): boolean {
    for (const { request } of this.#flights.values()) if (request.app.id === app) return true
    return false
  }

  /** Sends an invocation, its source first when the process has not got it. Only when ready. */
  send(flight: Flight, now: number): void {
    const id = this.#nextId()
    if (this.#flights.size === 0) this.#movedAt = now
    this.#flights.set(id, flight)
    this.#transmit(id, flight)
  }

  /** The earliest deadline of what it holds, or null. */
  earliestDeadline(): number | null {
    let earliest: number | null = null
    for (const { request } of this.#flights.values()) {
      if (earliest === null || request.deadlineAt < earliest) earliest = request.deadlineAt
    }
    return earliest
  }

  /** What it holds, in order, with what is known about each. */
  held(): readonly HeldFlight[] {
    let begun: HeldFlight['begun'] = this.#flights.has(this.#begunId) ? 'yes' : 'unknown'
    return Array.from(this.#flights, ([id, flight]) => {
      const held = { flight, begun }
      if (id === this.#begunId) begun = 'no'
      return held
    })
  }

  /** Tells the process that nobody waits for this one any more; it stays held until answered. */
  cancel(flight: Flight): void {
    if (this.#state !== 'ready') return
    for (const [id, held] of this.#flights) {
      if (held === flight) this.#channel.send(FRAME_KIND.cancel, id)
    }
  }

  /** Kills the process and hands over what it held. */
  lose(reason: LossReason): void {
    this.#lose(reason, null, null)
  }

  get #window(): number {
    return Math.min(WINDOW_MAX, WINDOW_MS / this.#usualMs)
  }

  #takesUpTo(loadMax: number, now: number): boolean {
    return (
      this.#flights.size < loadMax &&
      now - this.#movedAt < STALLED_MS &&
      this.#channel.bufferedBytes < UNSENT_BYTES_MAX
    )
  }

  #nextId(): number {
    this.#lastId = this.#lastId === 0xffff_ffff ? 1 : this.#lastId + 1
    return this.#lastId
  }

  #transmit(id: number, flight: Flight): void {
    try {
      this.#sender.send(id, flight.request)
    } catch (error) {
      if (!(error instanceof FrameTooLargeError)) throw error
      this.#flights.delete(id)
      flight.fail(requestTooLargeFailure(error.message))
    }
  }

  #receive(frame: Frame): void {
    if (this.#state === 'lost') return
    switch (frame.kind) {
      case FRAME_KIND.hello:
        if (this.#state !== 'starting') throw new ProtocolError('a second hello')
        this.#state = 'ready'
        this.#events.onReady(this)
        return
      case FRAME_KIND.started:
        this.#begunId = frame.id
        return
      case FRAME_KIND.outcome:
        this.#answered(frame.id, decodeOutcome(frame))
        return
      case FRAME_KIND.sourceWanted: {
        const flight = this.#flights.get(frame.id)
        if (flight === undefined) throw new ProtocolError('a source wanted for nothing')
        // Sent again under a new id, so that ids keep telling the order of arrival.
        this.#flights.delete(frame.id)
        this.#sender.forget(flight.request.script)
        this.send(flight, performance.now())
        return
      }
      default:
        throw new ProtocolError(`a frame of kind ${frame.kind} sent by a sandbox`)
    }
  }

  #answered(id: number, outcome: ExecutionOutcome): void {
    const flight = this.#flights.get(id)
    if (flight === undefined) throw new ProtocolError('an outcome nobody asked for')
    this.#flights.delete(id)
    this.#movedAt = performance.now()
    this.#usualMs += (outcome.durationMs - this.#usualMs) * DURATION_WEIGHT
    this.#events.onOutcome(flight, outcome.durationMs)
    flight.settle(outcome)
  }

  #onClosed(error: Error | null): void {
    if (this.#state === 'lost') return
    if (error instanceof ProtocolError) {
      this.#stderr = error.message
      this.#lose('protocol', null, null)
    } else {
      // It ends or has closed its end. Why is known once it is gone and all it wrote is read.
      this.#child.kill('SIGKILL')
    }
  }

  #onEnded(exitCode: number | null, exitSignal: string | null): void {
    const reason = MEMORY_DEATH.test(this.#stderr) ? 'memory' : 'crashed'
    this.#lose(reason, exitCode, exitSignal)
  }

  #lose(reason: LossReason, exitCode: number | null, exitSignal: string | null): void {
    if (this.#state === 'lost') return
    const wasReady = this.#state === 'ready'
    this.#state = 'lost'
    this.#child.kill('SIGKILL')
    this.#channel.close()
    const held = this.held()
    this.#flights.clear()
    const stderr = this.#stderr
    this.#events.onLost(this, { reason, wasReady, exitCode, exitSignal, stderr, held })
  }
}

function startProcess(command: SandboxCommand): { child: ChildProcess; socket: Socket } {
  let child: ChildProcess
  try {
    child = spawn(command.file, command.args, {
      cwd: '/',
      // A group of its own: what a terminal sends to the supervisor's group is not meant for it.
      detached: true,
      env: {},
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    throw new SandboxStartError(error)
  }
  // Without descriptors to spare there are no streams; the error event that follows says the same.
  const socket = (child.stdio as ChildProcess['stdio'] | undefined)?.[3]
  if (socket instanceof Socket) return { child, socket }
  child.once('error', () => {})
  throw new SandboxStartError(new Error('no file descriptors are left'))
}
