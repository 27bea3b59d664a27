/**
 * One orchestrator's connection to the executor program: runs what it asks for, answers in the
 * order things finish.
 *
 * Sources are kept per connection up to a bound; a dropped one is asked for again. When the
 * connection ends, what it asked for is cancelled.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { ExecutionOutcome, Executor } from '@picloud/shared'
import { engineFailure, failureOutcome } from '../failures.ts'
import { DEFAULT_FRAME_LIMITS, FRAME_KIND, type Frame } from '../protocol/frame.ts'
import { FrameChannel } from '../protocol/frame-channel.ts'
import { type Callee, decodeCallee, decodeInvocation } from '../protocol/invocation-message.ts'
import { encodeOutcome } from '../protocol/outcome-message.ts'
import { FrameTooLargeError, ProtocolError } from '../protocol/protocol-error.ts'

const SOURCE_BYTES_MAX = 64 * 1024 * 1024

export class ServedConnection {
  readonly #executor: Executor
  readonly #channel: FrameChannel
  /** By the number the other end gave; it reuses them, so they stay few. */
  readonly #callees = new Map<number, Callee>()
  /** By version, in order of use, the least recent first. */
  readonly #sources = new Map<string, string>()
  #sourceBytes = 0
  readonly #running = new Map<number, AbortController>()

  constructor(socket: Socket, executor: Executor, onClose: (error: Error | null) => void) {
    this.#executor = executor
    this.#channel = new FrameChannel({
      socket,
      limits: DEFAULT_FRAME_LIMITS,
      onFrame: (frame) => this.#receive(frame),
      onClose: (error) => {
        for (const controller of this.#running.values()) controller.abort()
        onClose(error)
      },
    })
    this.#channel.send(FRAME_KIND.hello, 0)
  }

  /** Sends what is queued and says goodbye. */
  end(): void {
    this.#channel.end()
  }

  cut(): void {
    this.#channel.close()
  }

  #receive(frame: Frame): void {
    switch (frame.kind) {
      case FRAME_KIND.script: {
        const callee = decodeCallee(frame.metadata)
        this.#callees.set(frame.id, callee)
        this.#addSource(callee.script.versionId, frame.body)
        return
      }
      case FRAME_KIND.invoke:
        this.#invoke(frame)
        return
      case FRAME_KIND.cancel:
        this.#running.get(frame.id)?.abort()
        return
      default:
        throw new ProtocolError(`a frame of kind ${frame.kind} sent to an executor`)
    }
  }

  #invoke(frame: Frame): void {
    const { id } = frame
    const invocation = decodeInvocation(frame.metadata, frame.body, this.#callees)
    const source = this.#source(invocation.script.versionId)
    if (source === undefined) {
      this.#channel.send(FRAME_KIND.sourceWanted, id)
      return
    }
    const controller = new AbortController()
    this.#running.set(id, controller)
    this.#executor.execute({ ...invocation, source }, controller.signal).then((outcome) => {
      this.#running.delete(id)
      this.#answer(id, outcome)
    })
  }

  #answer(id: number, outcome: ExecutionOutcome): void {
    const { metadata, body } = encodeOutcome(outcome)
    try {
      this.#channel.send(FRAME_KIND.outcome, id, metadata, body)
    } catch (error) {
      if (!(error instanceof FrameTooLargeError)) throw error
      const failure = failureOutcome(engineFailure(error.message), outcome.durationMs)
      this.#channel.send(FRAME_KIND.outcome, id, encodeOutcome(failure).metadata)
    }
  }

  #source(versionId: string): string | undefined {
    const source = this.#sources.get(versionId)
    if (source === undefined) return undefined
    this.#sources.delete(versionId)
    this.#sources.set(versionId, source)
    return source
  }

  #addSource(versionId: string, bytes: Uint8Array): void {
    this.#dropSource(versionId)
    const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    this.#sources.set(versionId, source)
    this.#sourceBytes += source.length
    for (const oldest of this.#sources.keys()) {
      if (this.#sourceBytes <= SOURCE_BYTES_MAX || oldest === versionId) return
      this.#dropSource(oldest)
    }
  }

  #dropSource(versionId: string): void {
    this.#sourceBytes -= this.#sources.get(versionId)?.length ?? 0
    this.#sources.delete(versionId)
  }
}
