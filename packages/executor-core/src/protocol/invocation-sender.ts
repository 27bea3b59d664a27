/**
 * Sends invocations over a channel, and ahead of the first of each callee what stays the same: who
 * it is, its limits, its source and those of what it imports.
 *
 * The other end may drop a source; it then asks, the caller says `forget` and sends again.
 *
 * @module
 */
import type { ExecutionRequest, UpcomingScript } from '@picloud/shared'
import { FRAME_KIND, NO_BYTES } from './frame.ts'
import type { FrameChannel } from './frame-channel.ts'
import {
  encodeInvocation,
  encodePreparation,
  readsContent,
  type SentCallee,
} from './invocation-message.ts'
import { type RequestMember, readsOf } from './script-reads.ts'
import { sourceBytes } from './script-sources.ts'

/** Past this, numbers are given anew: sending a source once more costs less than keeping count. */
const KNOWN_CALLEES_MAX = 4096

interface KnownCallee extends Pick<ExecutionRequest, 'app' | 'limits'> {
  readonly number: number
  readonly reads: readonly RequestMember[]
  readonly readsContent: boolean
}

export class InvocationSender {
  readonly #channel: FrameChannel
  readonly #encodeCallee: (callee: SentCallee) => string
  /** By the script, which is one object for as long as its app is not loaded anew. */
  readonly #known = new Map<ExecutionRequest['script'], KnownCallee>()
  #lastNumber = 0

  /** @param encodeCallee says what the other end may know of it */
  constructor(channel: FrameChannel, encodeCallee: (callee: SentCallee) => string) {
    this.#channel = channel
    this.#encodeCallee = encodeCallee
  }

  /** @throws FrameTooLargeError when the request fits no frame. */
  send(id: number, request: ExecutionRequest): void {
    const callee = this.#find(request) ?? this.#introduce(request)
    const metadata = encodeInvocation(request, callee.number, callee.reads)
    const body = callee.readsContent ? request.request.body : NO_BYTES
    this.#channel.send(FRAME_KIND.invoke, id, metadata, body)
  }

  /** @throws FrameTooLargeError */
  prepare(id: number, script: UpcomingScript): void {
    const { number } = this.#find(script) ?? this.#introduce(script)
    this.#channel.send(FRAME_KIND.prepare, id, encodePreparation(number))
  }

  forget(script: ExecutionRequest['script']): void {
    this.#known.delete(script)
  }

  #find({ app, script, limits }: UpcomingScript): KnownCallee | undefined {
    const known = this.#known.get(script)
    return known?.app === app && known.limits === limits ? known : undefined
  }

  #introduce(upcoming: UpcomingScript): KnownCallee {
    const { app, script, limits, source } = upcoming
    if (this.#lastNumber === KNOWN_CALLEES_MAX) {
      this.#known.clear()
      this.#lastNumber = 0
    }
    this.#lastNumber += 1
    const number = this.#lastNumber
    const { facts, body } = sourceBytes(upcoming)
    this.#channel.send(
      FRAME_KIND.script,
      number,
      this.#encodeCallee({ app, script, limits, imports: facts }),
      body,
    )
    const { request: reads } = readsOf(source)
    const known = { app, limits, number, reads, readsContent: readsContent(reads) }
    this.#known.set(script, known)
    return known
  }
}
