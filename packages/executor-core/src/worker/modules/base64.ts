/**
 * `base64::`, RFC 4648 sections 4 and 5.
 *
 *     base64::encode(data)         text of a string (its UTF-8) or a blob, with padding
 *     base64::encode_url(data)     the alphabet for URLs and file names, without padding
 *     base64::decode(text)         blob; either alphabet, with its padding or without
 *     base64::decode_text(text)    string, of bytes that are UTF-8
 *
 * @module
 */
import {
  BLOB,
  type CallContext,
  checkStringSize,
  type HostModule,
  hostFunction,
  type RhaiBlob,
  STRING,
} from '@picloud/rhai'
import { chargeUnits } from '../charge.ts'
import { refusal } from '../refusal.ts'
import { blobOf, bytesAtMost, bytesOf, textOfBytes } from './bytes.ts'

/** One alphabet or the other, not both. */
const TEXT = /^(?:[A-Za-z0-9+/]*|[A-Za-z0-9_-]*)={0,2}$/

export const BASE64_MODULE: HostModule = {
  functions: {
    encode: [
      hostFunction([STRING], (context, text) => encode(context, text, 'base64')),
      hostFunction([BLOB], (context, blob) => encode(context, blob, 'base64')),
    ],
    encode_url: [
      hostFunction([STRING], (context, text) => encode(context, text, 'base64url')),
      hostFunction([BLOB], (context, blob) => encode(context, blob, 'base64url')),
    ],
    decode: hostFunction([STRING], (context, text) => blobOf(context, decode(context, text))),
    decode_text: hostFunction([STRING], (context, text) =>
      textOfBytes(context, decode(context, text), 'What the base64 says'),
    ),
  },
}

function encode(
  context: CallContext,
  data: string | RhaiBlob,
  form: 'base64' | 'base64url',
): string {
  chargeUnits(context, bytesAtMost(data), 2)
  const bytes = bytesOf(data)
  checkStringSize(context, Math.ceil(bytes.byteLength / 3) * 4)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(form)
}

function decode(context: CallContext, text: string): Uint8Array {
  chargeUnits(context, text.length, 2)
  const digits = text.endsWith('=') ? text.slice(0, text.indexOf('=')) : text
  const isWhole =
    TEXT.test(text) && digits.length % 4 !== 1 && (digits === text || text.length % 4 === 0)
  if (!isWhole) throw refusal('PIC_BASE64_INVALID', 'The text is no base64')
  // Bits beyond the last byte must be zero: each blob has one text in each form.
  const bytes = Buffer.from(digits, 'base64')
  const again = bytes.toString(/[-_]/.test(digits) ? 'base64url' : 'base64')
  if (again.replace(/=+$/, '') !== digits) {
    throw refusal('PIC_BASE64_INVALID', 'The base64 does not end as it should')
  }
  return bytes
}
