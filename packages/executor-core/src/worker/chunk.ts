/**
 * Turns what a script gives for a piece of a streamed answer into bytes.
 *
 *     string, blob     as they are
 *     anything else    JSON and a line break
 *
 * Where the answer is a `text/event-stream`, all but blobs are events, see `event-text.ts`. `()`,
 * which ends the answer, does not come here.
 *
 * @module
 */
import { isBlob, RhaiError, toJsonText, type Value } from '@picloud/rhai'
import { NO_BYTES } from '../protocol/frame.ts'
import { OutputLimitError } from './answer-error.ts'
import { eventText } from './event-text.ts'
import type { ResponseHeaders } from './response-headers.ts'

const EVENT_STREAM = 'text/event-stream'

/** Nobody wants events late: neither from a cache nor out of a proxy's buffer. */
const EVENT_STREAM_HEADERS = { 'cache-control': 'no-store', 'x-accel-buffering': 'no' } as const

const TEXT_TYPE = 'text/plain; charset=utf-8'
const BLOB_TYPE = 'application/octet-stream'
const JSON_LINES_TYPE = 'application/x-ndjson'

/** The headers of a stream with what its first chunk and its type say of it. */
export function streamHeaders(headers: ResponseHeaders, first: Value): ResponseHeaders {
  if (isEventStream(headers)) return { ...EVENT_STREAM_HEADERS, ...headers }
  return { 'content-type': typeOf(first), ...headers }
}

export function isEventStream({ 'content-type': type }: ResponseHeaders): boolean {
  if (typeof type !== 'string') return false
  const [essence = ''] = type.split(';', 1)
  return essence.trim().toLowerCase() === EVENT_STREAM
}

/** @throws AnswerError, OutputLimitError */
export function chunkBytes(chunk: Value, isEvent: boolean, bytesMax: number): Uint8Array {
  if (isBlob(chunk)) {
    if (chunk.bytes.byteLength > bytesMax) throw new OutputLimitError(bytesMax)
    // The script may go on and change its own before all of it has left.
    return Buffer.from(chunk.bytes)
  }
  const bytes = textBytes(chunkText(chunk, isEvent, bytesMax))
  if (bytes.byteLength > bytesMax) throw new OutputLimitError(bytesMax)
  return bytes
}

function chunkText(chunk: Value, isEvent: boolean, bytesMax: number): string {
  if (typeof chunk === 'string' && chunk.length > bytesMax) throw new OutputLimitError(bytesMax)
  try {
    if (isEvent) return eventText(chunk, bytesMax)
    return typeof chunk === 'string' ? chunk : `${toJsonText(chunk, { bytesMax })}\n`
  } catch (error) {
    const isTooLong = error instanceof RhaiError && error.limit?.name === 'outputBytesMax'
    throw isTooLong ? new OutputLimitError(bytesMax) : error
  }
}

function textBytes(text: string): Uint8Array {
  return text === '' ? NO_BYTES : Buffer.from(text, 'utf8')
}

function typeOf(first: Value): string {
  if (typeof first === 'string') return TEXT_TYPE
  return isBlob(first) ? BLOB_TYPE : JSON_LINES_TYPE
}
