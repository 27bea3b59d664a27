/**
 * Sends invocations over a channel, and the source of a version ahead of the first one that needs
 * it.
 *
 * The other end may drop a version; it then asks, the caller says `forget` and sends again.
 *
 * @module
 */
import type { ExecutionRequest } from '@picloud/shared'
import { FRAME_KIND, NO_BYTES } from './frame.ts'
import type { FrameChannel } from './frame-channel.ts'
import { encodeInvocation } from './invocation-message.ts'
import { readsOf, type ScriptReads } from './script-reads.ts'

/** Past this, all are forgotten: sending a source once more costs less than keeping count. */
const KNOWN_VERSIONS_MAX = 4096

export class InvocationSender {
  readonly #channel: FrameChannel
  /** What each version the other end knows can read. */
  readonly #knownVersions = new Map<string, ScriptReads>()

  constructor(channel: FrameChannel) {
    this.#channel = channel
  }

  /** @throws FrameTooLargeError when the request fits no frame. */
  send(id: number, request: ExecutionRequest): void {
    const reads = this.#knownVersions.get(request.script.versionId) ?? this.#introduce(request)
    const body = reads.request ? request.request.body : NO_BYTES
    this.#channel.send(FRAME_KIND.invoke, id, encodeInvocation(request, reads), body)
  }

  forget(versionId: string): void {
    this.#knownVersions.delete(versionId)
  }

  #introduce({ script: { versionId }, source }: ExecutionRequest): ScriptReads {
    const metadata = JSON.stringify({ versionId })
    this.#channel.send(FRAME_KIND.script, 0, metadata, Buffer.from(source, 'utf8'))
    const reads = readsOf(source)
    if (this.#knownVersions.size >= KNOWN_VERSIONS_MAX) this.#knownVersions.clear()
    this.#knownVersions.set(versionId, reads)
    return reads
  }
}
