/**
 * Blobs that grow at the end.
 *
 * A typed array cannot grow, so a growing blob keeps spare room in its buffer: pushing bytes one by
 * one then costs the same for each.
 *
 * @module
 */
import type { CallContext } from './call-context.ts'
import { chargeBytes } from './metering.ts'
import { checkBlobSize } from './size-limits.ts'
import type { RhaiBlob } from './value.ts'

const CAPACITY_MIN = 16

export function pushByte(context: CallContext, blob: RhaiBlob, byte: number): RhaiBlob {
  const size = blob.bytes.length
  const bytes = grown(context, blob, size + 1)
  bytes[size] = byte
  return blob
}

export function appendBytes(context: CallContext, blob: RhaiBlob, added: Uint8Array): RhaiBlob {
  const size = blob.bytes.length
  chargeBytes(context, added.length)
  const bytes = grown(context, blob, size + added.length)
  bytes.set(added, size)
  return blob
}

/** The blob's bytes with room for `size` of them. */
function grown(context: CallContext, blob: RhaiBlob, size: number): Uint8Array {
  checkBlobSize(context, size)
  const old = blob.bytes
  context.dataMeter?.lengthen(size - old.length)
  const isRoomy = !blob.shared && old.byteOffset + size <= old.buffer.byteLength
  if (isRoomy) {
    blob.bytes = new Uint8Array(old.buffer, old.byteOffset, size)
  } else {
    chargeBytes(context, old.length)
    const buffer = new Uint8Array(Math.max(CAPACITY_MIN, size + Math.floor(size / 2)))
    buffer.set(old)
    blob.bytes = buffer.subarray(0, size)
    blob.shared = false
  }
  return blob.bytes
}
