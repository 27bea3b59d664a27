/**
 * Texts and blobs as modules take and give them.
 *
 * @module
 */
import {
  type CallContext,
  checkBlobSize,
  checkStringSize,
  makeBlob,
  type RhaiBlob,
} from '@picloud/rhai'
import { refusal } from '../refusal.ts'

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The bytes of a blob as they are, of a text in UTF-8. To be read only. */
export function bytesOf(value: string | RhaiBlob): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : value.bytes
}

/** At most how many bytes that are; costs nothing to know. */
export function bytesAtMost(value: string | RhaiBlob): number {
  return typeof value === 'string' ? 3 * value.length : value.bytes.byteLength
}

/** @throws RhaiError when it is longer than a string may be; check with `length` before making it. */
function checkedText(context: CallContext, text: string): string {
  checkStringSize(context, text.length)
  return text
}

/** A blob of its own. @throws RhaiError when it is longer than a blob may be */
export function blobOf(context: CallContext, bytes: Uint8Array): RhaiBlob {
  checkBlobSize(context, bytes.byteLength)
  // Never a view of a buffer that others have a part of.
  return makeBlob(Uint8Array.from(bytes))
}

/** @throws RhaiError `PIC_TEXT_INVALID` for bytes that are no UTF-8 */
export function textOfBytes(context: CallContext, bytes: Uint8Array, what: string): string {
  let text: string
  try {
    text = UTF8.decode(bytes)
  } catch {
    throw refusal('PIC_TEXT_INVALID', `${what} is no text in UTF-8`)
  }
  return checkedText(context, text)
}
