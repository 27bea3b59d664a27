/**
 * One connection to an executor program: sends invocations, settles them with what comes back.
 *
 * `onLost` is called once, when the connection is gone for whatever reason; `held` still lists
 * what was unanswered then. Whether and when to connect again is the caller's business.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { UpcomingScript } from '@picloud/shared'
import { requestTooLargeFailure } from '../failures.ts'
import type { AnswerStream } from '../flight/answer-stream.ts'
import type { Flight } from '../flight/flight.ts'
import { IdTable } from '../flight/id-table.ts'
import { DEFAULT_FRAME_LIMITS, FRAME_KIND, type Frame } from '../protocol/frame.ts'
import { FrameChannel } from '../protocol/frame-channel.ts'
import { encodeCallee } from '../protocol/invocation-message.ts'
import { InvocationSender } from '../protocol/invocation-sender.ts'
import { decodeOutcome } from '../protocol/outcome-message.ts'
import { FrameTooLargeError, ProtocolError } from '../protocol/protocol-error.ts'
import { decodeHead, encodeTaken } from '../protocol/stream-message.ts'

interface LinkEvents {
  readonly onReady: () => void
  readonly onLost: (error: Error | null) => void
}

export class ExecutorLink {
  readonly createdAt = Date.now()
  readonly ended: Promise<void>
  readonly #events: LinkEvents
  readonly #channel: FrameChannel
  readonly #sender: InvocationSender
  readonly #flights = new IdTable<Flight>()
  /** Those among them whose answers stream. */
  readonly #streams = new Map<number, AnswerStream>()
  /** Whom to tell that a script is compiled. */
  readonly #preparing = new Map<number, () => void>()
  #ready = false
  #lastId = 0

  constructor(socket: Socket, events: LinkEvents) {
    this.#events = events
    const { promise, resolve } = Promise.withResolvers<void>()
    this.ended = promise
    this.#channel = new FrameChannel({
      socket,
      limits: DEFAULT_FRAME_LIMITS,
      onFrame: (frame) => this.#receive(frame),
      onClose: (error) => {
        resolve()
        for (const tell of this.#preparing.values()) tell()
        events.onLost(error)
      },
    })
    this.#sender = new InvocationSender(this.#channel, encodeCallee)
  }

  /** Whether the other end has said hello. */
  get isReady(): boolean {
    return this.#ready
  }

  held(): readonly Flight[] {
    return this.#flights.values()
  }

  send(flight: Flight): void {
    const id = this.#nextId()
    this.#flights.set(id, flight)
    try {
      this.#sender.send(id, flight.request)
    } catch (error) {
      if (!(error instanceof FrameTooLargeError)) throw error
      this.#flights.delete(id)
      flight.fail(requestTooLargeFailure(error.message))
    }
  }

  /** @throws FrameTooLargeError */
  async prepare(script: UpcomingScript): Promise<void> {
    const id = this.#nextId()
    this.#sender.prepare(id, script)
    await new Promise<void>((resolve) => this.#preparing.set(id, resolve))
  }

  cancel(flight: Flight): void {
    for (const [id, held] of this.#flights.entries()) {
      if (held === flight) this.#channel.send(FRAME_KIND.cancel, id)
    }
  }

  close(): void {
    this.#channel.close()
  }

  #nextId(): number {
    this.#lastId = this.#lastId === 0xffff_ffff ? 1 : this.#lastId + 1
    return this.#lastId
  }

  #receive(frame: Frame): void {
    switch (frame.kind) {
      case FRAME_KIND.hello:
        this.#ready = true
        this.#events.onReady()
        return
      case FRAME_KIND.outcome:
        this.#answered(frame)
        return
      case FRAME_KIND.stream:
        this.#beginStream(frame)
        return
      case FRAME_KIND.chunk:
        this.#goOnWithStream(frame)
        return
      case FRAME_KIND.sourceWanted: {
        const flight = this.#take(frame.id)
        this.#sender.forget(flight.request.script)
        this.send(flight)
        return
      }
      case FRAME_KIND.prepared:
        this.#preparing.get(frame.id)?.()
        this.#preparing.delete(frame.id)
        return
      default:
        throw new ProtocolError(`a frame of kind ${frame.kind} sent by an executor`)
    }
  }

  #answered(frame: Frame): void {
    const flight = this.#held(frame.id)
    const outcome = decodeOutcome(frame, flight.request.limits)
    if (!flight.canEndWith(outcome)) throw new ProtocolError('an outcome of another kind')
    this.#take(frame.id).settle(outcome)
  }

  #beginStream(frame: Frame): void {
    const { id } = frame
    const flight = this.#held(id)
    const head = decodeHead(frame.metadata)
    if (flight.isSettled) return
    if (flight.isStreaming) throw new ProtocolError('an answer that begins to stream again')
    const stream = flight.beginStream(head, {
      sendTaken: (taken) => this.#channel.send(FRAME_KIND.taken, id, encodeTaken(taken)),
      onGoesOn: () => {},
    })
    this.#streams.set(id, stream)
    stream.receive(frame.body)
  }

  #goOnWithStream({ id, body }: Frame): void {
    if (this.#held(id).isSettled) return
    const stream = this.#streams.get(id)
    if (stream === undefined) throw new ProtocolError('a piece of an answer without a head')
    stream.receive(body)
  }

  #held(id: number): Flight {
    const flight = this.#flights.get(id)
    if (flight === undefined) throw new ProtocolError('an answer to nothing that was asked')
    return flight
  }

  #take(id: number): Flight {
    const flight = this.#held(id)
    this.#flights.delete(id)
    this.#streams.delete(id)
    return flight
  }
}
