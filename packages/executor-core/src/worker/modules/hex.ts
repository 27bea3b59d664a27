/**
 * `hex::`, RFC 4648 section 8.
 *
 *     hex::encode(data)         text of a string (its UTF-8) or a blob, in lower case
 *     hex::decode(text)         blob, of digits in either case
 *     hex::decode_text(text)    string, of bytes that are UTF-8
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

const PAIRS = /^(?:[0-9A-Fa-f]{2})*$/

export const HEX_MODULE: HostModule = {
  functions: {
    encode: [
      hostFunction([STRING], (context, text) => encode(context, text)),
      hostFunction([BLOB], (context, blob) => encode(context, blob)),
    ],
    decode: hostFunction([STRING], (context, text) => blobOf(context, decode(context, text))),
    decode_text: hostFunction([STRING], (context, text) =>
      textOfBytes(context, decode(context, text), 'What the hexadecimal digits say'),
    ),
  },
}

function encode(context: CallContext, data: string | RhaiBlob): string {
  chargeUnits(context, bytesAtMost(data), 2)
  const bytes = bytesOf(data)
  checkStringSize(context, bytes.byteLength * 2)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

function decode(context: CallContext, text: string): Uint8Array {
  chargeUnits(context, text.length)
  if (!PAIRS.test(text))
    throw refusal('PIC_HEX_INVALID', 'The text is no pairs of hexadecimal digits')
  return Buffer.from(text, 'hex')
}
