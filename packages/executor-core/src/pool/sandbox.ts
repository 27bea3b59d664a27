/**
 * One sandbox process as its supervisor sees it.
 *
 * States, and what holds in each:
 *
 *     starting   the process was spawned and has not said hello; it holds no invocation
 *     ready      it takes invocations and answers them
 *     draining   it gets no more, and answers those it has
 *     lost       it was killed or has died; it holds nothing, what it held was handed to `onLost`
 *
 *     starting -> ready   its hello arrives
 *     ready -> draining   `drain` (the pool wants to replace it)
 *     any -> lost   `lose` (the pool finds it hung, or it is not needed any more), the process ends
 *                 by itself, or it sends bytes that break the protocol
 *
 * `lost` is final. `ended` resolves when the process is really gone. Which sandbox to use, what to
 * do with what a lost one held, and when it is hung is the pool's business.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import type { UpcomingScript } from '@picloud/shared'
import type { HostServices } from '../bridge/host-services.ts'
import { InvocationCalls } from '../bridge/invocation-calls.ts'
import { SandboxStartError } from '../errors.ts'
import { requestTooLargeFailure } from '../failures.ts'
import type { AnswerStream } from '../flight/answer-stream.ts'
import type { Flight } from '../flight/flight.ts'
import { IdTable } from '../flight/id-table.ts'
import { bytesOfCallAnswer, encodeCallAnswer } from '../protocol/call-message.ts'
import { DEFAULT_FRAME_LIMITS, FRAME_KIND, type Frame } from '../protocol/frame.ts'
import { FrameChannel } from '../protocol/frame-channel.ts'
import { encodeSandboxCallee } from '../protocol/invocation-message.ts'
import { InvocationSender } from '../protocol/invocation-sender.ts'
import { decodeOutcome } from '../protocol/outcome-message.ts'
import { FrameTooLargeError, ProtocolError } from '../protocol/protocol-error.ts'
import { decodeHead, encodeTaken } from '../protocol/stream-message.ts'
import { onlyChildOf } from './linux-process.ts'
import type { SandboxCommand } from './sandbox-command.ts'
import type { UsualTimes } from './usual-times.ts'

/** What the pool is told. */
export interface SandboxEvents {
  onReady(sandbox: Sandbox): void
  /** `ms`: how long the script computed. */
  onOutcome(flight: Flight, ms: number): void
  /** After the outcomes of one read. */
  onAnswer(sandbox: Sandbox): void
  onLost(sandbox: Sandbox, loss: SandboxLoss): void
}

/** The last two are no loss: nobody needs it any more, or it was replaced and has drained. */
export type LossReason =
  | 'crashed'
  | 'memory'
  | 'protocol'
  | 'hung'
  | 'start_deadline'
  | 'retired'
  | 'recycled'

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
  /**
   * `none` only when it is certain: such an invocation may run elsewhere. `computing` when it is
   * certain that it, and no other, keeps the process busy.
   */
  readonly progress: 'none' | 'begun' | 'computing' | 'unknown'
  /** Whether it may be why the process gives no answer. */
  readonly isSuspect: boolean
}

/** What is known of an invocation inside the process. */
interface Held {
  readonly flight: Flight
  /** How long its script usually computes, as far as that is known. */
  readonly expectedMs: number
  /** Whether the process has asked for its source. */
  readonly isSentAgain: boolean
  hasBegun: boolean
  /** Made when it first calls the host. */
  calls: InvocationCalls | undefined
  /** While its answer streams. */
  stream: AnswerStream | undefined
  /** For the host, or for someone to take what it has sent: it cannot compute. */
  isWaiting: boolean
}

/** How many invocations may wait inside one process while its scripts are short. */
const WINDOW_MAX = 64
/** It holds as many scripts as usually take this long, so that none waits much longer. */
const WINDOW_MS = 4
/** Without an answer for this long, a sandbox holding invocations gets no more. */
const STALLED_MS = 10
/** Invocations one process holds at most, those that wait for the host included: each takes memory. */
const HELD_MAX = 4096
/** More than this not taken by the socket: it gets no more. */
const UNSENT_BYTES_MAX = 8 * 1024 * 1024
/** Answers of the host that a process has not read: more, and it is not honest. */
const UNREAD_BYTES_MAX = 256 * 1024 * 1024
const STDERR_BYTES_MAX = 8 * 1024
/** A process that has closed its end of the socket ends by itself within this, or is killed. */
const CLOSED_MS_MAX = 100
/** What V8 and Node print before they abort for want of memory. */
const MEMORY_DEATH = /heap limit|out of memory|Array buffer allocation failed/i

/** What all sandboxes of a pool share. */
export interface SandboxSurroundings {
  readonly services: HostServices
  readonly usualTimes: UsualTimes
}

export class Sandbox {
  readonly startedAt = Date.now()
  readonly ended: Promise<void>
  readonly #events: SandboxEvents
  readonly #child: ChildProcess
  readonly #channel: FrameChannel
  readonly #services: HostServices
  readonly #flights = new IdTable<Held>()
  /** How many of them wait. */
  #waiting = 0
  readonly #sender: InvocationSender
  /** Whom to tell that a script is compiled. */
  readonly #preparing = new Map<number, () => void>()
  readonly #usualTimes: UsualTimes
  #state: 'starting' | 'ready' | 'draining' | 'lost' = 'starting'
  #innerPid: number | undefined
  #lastId = 0
  /** The invocation that is known to compute, 0 when none is. */
  #computingId = 0
  /** How long everything it holds usually computes, but for what waits. */
  #expectedMs = 0
  /** When it last answered, or was sent something while it held nothing. */
  #movedAt = 0
  #usedAt = 0
  #stderr = ''

  /** @throws SandboxStartError when the system refuses the process outright. */
  constructor(
    command: SandboxCommand,
    { services, usualTimes }: SandboxSurroundings,
    events: SandboxEvents,
  ) {
    this.#services = services
    this.#usualTimes = usualTimes
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
    this.#channel.send(FRAME_KIND.services, 0, services.manifest)
    this.#sender = new InvocationSender(this.#channel, encodeSandboxCallee)
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

  /** The process itself, not the one that keeps its namespaces; undefined when there is none. */
  get pid(): number | undefined {
    return this.#innerPid ?? this.#child.pid
  }

  get isReady(): boolean {
    return this.#state === 'ready'
  }

  get isStarting(): boolean {
    return this.#state === 'starting'
  }

  get isDraining(): boolean {
    return this.#state === 'draining'
  }

  /** When it last got something to do or was taken into use, on the clock of `performance.now()`. */
  get usedAt(): number {
    return this.#usedAt
  }

  /** Invocations it was sent and has not answered, but for those that wait. */
  get load(): number {
    return this.#flights.size - this.#waiting
  }

  get isEmpty(): boolean {
    return this.#flights.size === 0
  }

  takeIntoUse(): void {
    this.#usedAt = performance.now()
  }

  /** Whether it is right to send it one more now. */
  hasRoom(now: number): boolean {
    if (this.#state !== 'ready' || this.#flights.size >= HELD_MAX) return false
    return this.load === 0 || this.#takesUpTo(1, now)
  }

  /**
   * Whether an invocation of an app that has none under way may go ahead of those of others here.
   * Where a window is a single script, whichever sandbox is free first is the better choice.
   */
  hasRoomBeside(now: number): boolean {
    if (this.#state !== 'ready' || this.#flights.size >= HELD_MAX) return false
    return this.#expectedMs < WINDOW_MS * this.load && this.#takesUpTo(2, now)
  }

  /** Whether it holds an invocation of that app that does not wait. */
  holdsOf(app: string): boolean {
    return this.#flights.some(
      ({ flight, isWaiting }) => flight.request.app.id === app && !isWaiting,
    )
  }

  /**
   * How long it will take for what it holds. One that has announced a script it does not know to be
   * short will take as long again as it has been silent, whatever is usual.
   */
  backlogMs(now: number): number {
    if (this.load === 0) return 0
    const isAnnounced = this.#flights.has(this.#computingId)
    return isAnnounced ? Math.max(this.#expectedMs, now - this.#movedAt) : this.#expectedMs
  }

  /** Sends an invocation, its source first when the process has not got it. Only when ready. */
  send(flight: Flight, now: number): void {
    this.#hold(flight, now, false)
  }

  /** Has it compile a script when it has nothing else to do. Resolves also when it is lost. */
  async prepare(script: UpcomingScript): Promise<void> {
    const id = this.#nextId()
    this.#sender.prepare(id, script)
    await new Promise<void>((resolve) => this.#preparing.set(id, resolve))
  }

  /** The earliest deadline of what it holds, or null. */
  earliestDeadline(): number | null {
    let earliest: number | null = null
    for (const { flight } of this.#flights.values()) {
      const { deadlineAt } = flight
      if (earliest === null || deadlineAt < earliest) earliest = deadlineAt
    }
    return earliest
  }

  /** What it holds, in order, with what is known about each. */
  held(): readonly HeldFlight[] {
    const isAnyComputing = this.#flights.has(this.#computingId)
    return this.#flights.entries().map(([id, { flight, hasBegun }]) => {
      if (id === this.#computingId) return { flight, progress: 'computing', isSuspect: true }
      const otherwise = isAnyComputing ? 'none' : 'unknown'
      return { flight, progress: hasBegun ? 'begun' : otherwise, isSuspect: !isAnyComputing }
    })
  }

  /**
   * Tells the process that nobody waits for this one any more, and ends its host calls; it stays
   * held until answered.
   */
  cancel(flight: Flight): void {
    if (this.#state === 'lost') return
    for (const [id, held] of this.#flights.entries()) {
      if (held.flight !== flight) continue
      this.#channel.send(FRAME_KIND.cancel, id)
      this.#endWaits(held)
    }
  }

  /** Sends it nothing from here on: it answers what it holds. */
  drain(): void {
    if (this.#state === 'ready') this.#state = 'draining'
  }

  /** Kills the process and hands over what it held. */
  lose(reason: LossReason): void {
    this.#lose(reason, null, null)
  }

  #takesUpTo(windows: number, now: number): boolean {
    return (
      this.load < windows * WINDOW_MAX &&
      this.#expectedMs < windows * WINDOW_MS &&
      now - this.#movedAt < STALLED_MS &&
      this.#channel.bufferedBytes < UNSENT_BYTES_MAX
    )
  }

  #hold(flight: Flight, now: number, isSentAgain: boolean): void {
    const id = this.#nextId()
    if (this.load === 0) this.#movedAt = now
    this.#usedAt = now
    const expectedMs = this.#usualTimes.of(flight.request.script.versionId)
    this.#flights.set(id, {
      flight,
      expectedMs,
      isSentAgain,
      hasBegun: false,
      calls: undefined,
      stream: undefined,
      isWaiting: false,
    })
    this.#expectedMs += expectedMs
    this.#transmit(id, flight)
  }

  #nextId(): number {
    this.#lastId = this.#lastId === 0xffff_ffff ? 1 : this.#lastId + 1
    return this.#lastId
  }

  #release(id: number, held: Held): void {
    this.#flights.delete(id)
    this.#expectLess(held.expectedMs)
  }

  /** What is left of adding and taking away fractions goes with the last one. */
  #expectLess(ms: number): void {
    this.#expectedMs = this.load === 0 ? 0 : this.#expectedMs - ms
  }

  #transmit(id: number, flight: Flight): void {
    try {
      this.#sender.send(id, flight.request)
    } catch (error) {
      if (!(error instanceof FrameTooLargeError)) throw error
      this.#release(id, this.#heldAs(id))
      flight.fail(requestTooLargeFailure(error.message))
    }
  }

  #receive(frame: Frame): void {
    if (this.#state === 'lost') return
    switch (frame.kind) {
      case FRAME_KIND.hello:
        if (this.#state !== 'starting') throw new ProtocolError('a second hello')
        this.#state = 'ready'
        this.#innerPid = onlyChildOf(this.#child.pid)
        this.#usedAt = performance.now()
        this.#events.onReady(this)
        return
      case FRAME_KIND.started:
        this.#heldAs(frame.id).hasBegun = true
        this.#computingId = frame.id
        return
      case FRAME_KIND.call:
        this.#called(frame)
        return
      case FRAME_KIND.stream:
        this.#streams(frame)
        return
      case FRAME_KIND.chunk:
        this.#streamed(frame)
        return
      case FRAME_KIND.outcome:
        this.#answered(frame)
        return
      case FRAME_KIND.sourceWanted:
        this.#sendAgain(frame.id)
        return
      case FRAME_KIND.prepared:
        this.#prepared(frame.id)
        return
      default:
        throw new ProtocolError(`a frame of kind ${frame.kind} sent by a sandbox`)
    }
  }

  #heldAs(id: number): Held {
    const held = this.#flights.get(id)
    if (held === undefined) throw new ProtocolError('a frame about an invocation it does not hold')
    return held
  }

  /**
   * With its source, which the process no longer has. Once only, and not what has begun: sources
   * are long, and who asks for them without end gets the supervisor to hold ever more of them.
   */
  #sendAgain(id: number): void {
    const held = this.#heldAs(id)
    const hasBegun = held.hasBegun || held.stream !== undefined
    if (hasBegun || held.isSentAgain) throw new ProtocolError('a source wanted twice')
    // Under a new id, so that ids keep telling the order of arrival.
    this.#release(id, held)
    this.#sender.forget(held.flight.request.script)
    this.#hold(held.flight, performance.now(), true)
  }

  #answered(frame: Frame): void {
    const { id } = frame
    const held = this.#heldAs(id)
    const { flight } = held
    const outcome = decodeOutcome(frame, flight.request.limits)
    if (!flight.canEndWith(outcome)) throw new ProtocolError('an outcome of another kind')
    this.#endWaits(held)
    this.#release(id, held)
    this.#movedAt = performance.now()
    const { durationMs, computedMs = durationMs } = outcome
    this.#usualTimes.learn(flight.request.script.versionId, computedMs)
    this.#events.onOutcome(flight, computedMs)
    flight.settle(flight.masked(outcome))
  }

  /** It has computed up to a call or a piece of its answer, and another may compute now. */
  #paused(frame: Frame): Held {
    const held = this.#heldAs(frame.id)
    held.hasBegun = true
    if (this.#computingId === frame.id) this.#computingId = 0
    this.#movedAt = performance.now()
    return held
  }

  #prepared(id: number): void {
    const tell = this.#preparing.get(id)
    if (tell === undefined) throw new ProtocolError('a script compiled that nobody asked for')
    this.#preparing.delete(id)
    tell()
  }

  #called(frame: Frame): void {
    const { id } = frame
    const held = this.#paused(frame)
    // Whoever asked has gone: the process learns that in a moment.
    if (held.flight.isSettled) return
    held.calls ??= new InvocationCalls(held.flight, this.#services, (call, answer) => {
      this.#noteWaits(held)
      const value = bytesOfCallAnswer(answer)
      this.#channel.send(FRAME_KIND.callAnswer, id, encodeCallAnswer(call, answer), value)
      // One that asks and does not read would have all of it kept here.
      if (this.#channel.bufferedBytes > UNREAD_BYTES_MAX) this.#lose('protocol', null, null)
    })
    held.flight.calls = held.calls
    held.calls.begin(frame)
    this.#noteWaits(held)
  }

  #streams(frame: Frame): void {
    const { id } = frame
    const held = this.#paused(frame)
    if (held.flight.isStreaming) throw new ProtocolError('an answer that begins to stream again')
    if (held.flight.request.call !== undefined) throw new ProtocolError('a value that streams')
    const head = decodeHead(frame.metadata)
    if (held.flight.isSettled) return
    held.stream = held.flight.beginStream(head, {
      sendTaken: (taken) => this.#channel.send(FRAME_KIND.taken, id, encodeTaken(taken)),
      onGoesOn: () => this.#noteWaits(held),
    })
    this.#streamed(frame)
  }

  #streamed(frame: Frame): void {
    const held = this.#paused(frame)
    if (held.flight.isSettled) return
    if (held.stream === undefined) throw new ProtocolError('a piece of an answer without a head')
    held.stream.receive(frame.body)
    this.#noteWaits(held)
  }

  /** What it waits for is of no use any more. */
  #endWaits(held: Held): void {
    held.calls?.abort()
    held.stream = undefined
    this.#noteWaits(held)
  }

  #noteWaits(held: Held): void {
    const { calls, stream } = held
    const isWaiting = calls?.areWaitedFor === true || stream?.isFull === true
    if (held.isWaiting === isWaiting) return
    held.isWaiting = isWaiting
    if (isWaiting) {
      this.#waiting += 1
      this.#expectLess(held.expectedMs)
      return
    }
    this.#usedAt = performance.now()
    if (this.load === 0) this.#movedAt = this.#usedAt
    this.#waiting -= 1
    this.#expectedMs += held.expectedMs
  }

  #onClosed(error: Error | null): void {
    if (this.#state === 'lost') return
    if (error instanceof ProtocolError) {
      this.#stderr = error.message
      this.#lose('protocol', null, null)
    } else {
      // It ends or has closed its end. Why is known once it is gone and all it wrote is read.
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), CLOSED_MS_MAX)
      this.ended.then(() => clearTimeout(timer))
    }
  }

  #onEnded(exitCode: number | null, exitSignal: string | null): void {
    const reason = MEMORY_DEATH.test(this.#stderr) ? 'memory' : 'crashed'
    this.#lose(reason, exitCode, exitSignal)
  }

  #lose(reason: LossReason, exitCode: number | null, exitSignal: string | null): void {
    if (this.#state === 'lost') return
    const wasReady = this.#state !== 'starting'
    this.#state = 'lost'
    this.#child.kill('SIGKILL')
    this.#channel.close()
    const held = this.held()
    const stderr = this.#shownStderr()
    this.#learnFromLoss()
    for (const each of this.#flights.values()) this.#endWaits(each)
    this.#flights.clear()
    for (const tell of this.#preparing.values()) tell()
    this.#preparing.clear()
    this.#events.onLost(this, { reason, wasReady, exitCode, exitSignal, stderr, held })
  }

  /** What the process wrote, without the secrets of the scripts that ran in it. */
  #shownStderr(): string {
    let shown = this.#stderr
    for (const { flight } of this.#flights.values()) shown = flight.mask.text(shown)
    return shown
  }

  /** A script that never answers would be taken for a short one for ever. */
  #learnFromLoss(): void {
    const computing = this.#flights.get(this.#computingId)
    if (computing === undefined) return
    const { versionId } = computing.flight.request.script
    this.#usualTimes.learn(versionId, performance.now() - this.#movedAt)
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
