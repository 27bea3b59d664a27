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
import type { ExecutionOutcome, Executor, StreamedAnswer, StreamOutcome } from '@picloud/shared'
import { engineFailure, failureOutcome } from '../failures.ts'
import { IdTable } from '../flight/id-table.ts'
import { DEFAULT_FRAME_LIMITS, FRAME_KIND, type Frame } from '../protocol/frame.ts'
import { FrameChannel } from '../protocol/frame-channel.ts'
import {
  type Callee,
  decodeCallee,
  decodeInvocation,
  decodePreparation,
} from '../protocol/invocation-message.ts'
import { encodeOutcome } from '../protocol/outcome-message.ts'
import { FrameTooLargeError, ProtocolError } from '../protocol/protocol-error.ts'
import { type ScriptSources, sourcesIn } from '../protocol/script-sources.ts'
import { decodeTaken } from '../protocol/stream-message.ts'
import { StreamSender } from './stream-sender.ts'

const SOURCE_BYTES_MAX = 64 * 1024 * 1024

interface Running {
  readonly controller: AbortController
  /** While its answer streams. */
  sender: StreamSender | null
}

export class ServedConnection {
  readonly #executor: Executor
  readonly #channel: FrameChannel
  /** By the number the other end gave; it reuses them, so they stay few. */
  readonly #callees = new Map<number, Callee>()
  /** By program, in order of use, the least recent first. */
  readonly #sources = new Map<string, ScriptSources>()
  #sourceBytes = 0
  readonly #running = new IdTable<Running>()

  constructor(socket: Socket, executor: Executor, onClose: (error: Error | null) => void) {
    this.#executor = executor
    this.#channel = new FrameChannel({
      socket,
      limits: DEFAULT_FRAME_LIMITS,
      onFrame: (frame) => this.#receive(frame),
      onClose: (error) => {
        for (const running of this.#running.values()) cancel(running)
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
        this.#addSource(callee, frame.body)
        return
      }
      case FRAME_KIND.invoke:
        this.#invoke(frame)
        return
      case FRAME_KIND.prepare:
        void this.#prepare(frame.id, decodePreparation(frame.metadata, this.#callees))
        return
      case FRAME_KIND.taken:
        // What has ended meanwhile needs no room any more.
        this.#running.get(frame.id)?.sender?.taken(decodeTaken(frame.metadata))
        return
      case FRAME_KIND.cancel: {
        const running = this.#running.get(frame.id)
        if (running !== undefined) cancel(running)
        return
      }
      default:
        throw new ProtocolError(`a frame of kind ${frame.kind} sent to an executor`)
    }
  }

  #invoke(frame: Frame): void {
    const { id } = frame
    const invocation = decodeInvocation(frame.metadata, frame.body, this.#callees)
    const sources = this.#source(invocation.program)
    if (sources === undefined) {
      this.#channel.send(FRAME_KIND.sourceWanted, id)
      return
    }
    const controller = new AbortController()
    const running: Running = { controller, sender: null }
    this.#running.set(id, running)
    this.#executor.execute({ ...invocation, ...sources }, controller.signal).then((result) => {
      if (result.kind === 'stream') void this.#stream(id, running, result)
      else this.#end(id, result)
    })
  }

  async #prepare(id: number, callee: Callee): Promise<void> {
    const sources = this.#source(callee.program)
    if (sources !== undefined) await this.#executor.prepare?.({ ...callee, ...sources })
    this.#channel.send(FRAME_KIND.prepared, id)
  }

  /** Never rejects. */
  async #stream(id: number, running: Running, answer: StreamedAnswer): Promise<void> {
    const sender = new StreamSender(id, this.#channel)
    running.sender = sender
    if (!running.controller.signal.aborted) await sender.send(answer)
    this.#end(id, await answer.outcome)
  }

  #end(id: number, outcome: ExecutionOutcome | StreamOutcome): void {
    this.#running.delete(id)
    this.#answer(id, outcome)
  }

  #answer(id: number, outcome: ExecutionOutcome | StreamOutcome): void {
    const { metadata, body } = encodeOutcome(outcome)
    try {
      this.#channel.send(FRAME_KIND.outcome, id, metadata, body)
    } catch (error) {
      if (!(error instanceof FrameTooLargeError)) throw error
      const failure = failureOutcome(engineFailure(error.message), outcome.durationMs)
      this.#channel.send(FRAME_KIND.outcome, id, encodeOutcome(failure).metadata)
    }
  }

  #source(program: string): ScriptSources | undefined {
    const sources = this.#sources.get(program)
    if (sources === undefined) return undefined
    this.#sources.delete(program)
    this.#sources.set(program, sources)
    return sources
  }

  /** @throws ProtocolError */
  #addSource({ program, imports }: Callee, body: Uint8Array): void {
    this.#dropSource(program)
    const sources = sourcesIn(imports, body)
    this.#sources.set(program, sources)
    this.#sourceBytes += lengthOf(sources)
    for (const oldest of this.#sources.keys()) {
      if (this.#sourceBytes <= SOURCE_BYTES_MAX || oldest === program) return
      this.#dropSource(oldest)
    }
  }

  #dropSource(program: string): void {
    const sources = this.#sources.get(program)
    if (sources === undefined) return
    this.#sourceBytes -= lengthOf(sources)
    this.#sources.delete(program)
  }
}

function lengthOf({ source, imports = [] }: ScriptSources): number {
  return imports.reduce((sum, each) => sum + each.source.length, source.length)
}

function cancel({ controller, sender }: Running): void {
  controller.abort()
  sender?.stop()
}
