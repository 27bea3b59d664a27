/**
 * Turns the value of a script into the HTTP answer.
 *
 *     ()                          204, no body
 *     string                      200 text/plain; charset=utf-8
 *     blob                        200 application/octet-stream
 *     map with an INT statusCode  a full answer: statusCode, headers, body
 *     anything else               200 application/json
 *
 * The body of a full answer follows the same table, and a content-type among its headers wins. If
 * it is a function or an iterator, the answer is streamed: see `script-stream.ts`.
 *
 * @module
 */
import {
  type FunctionPointer,
  isBlob,
  isFunction,
  isIterator,
  isMap,
  mapGet,
  RhaiError,
  type RhaiIterator,
  type RhaiMap,
  toJsonText,
  type Value,
} from '@picloud/rhai'
import type { ScriptResponse } from '@picloud/shared'
import { NO_BYTES } from '../protocol/frame.ts'
import { AnswerError, OutputLimitError } from './answer-error.ts'
import { type ResponseHeaders, responseHeaders } from './response-headers.ts'

const STATUS_MIN = 200
const STATUS_MAX = 599
const NO_CONTENT = 204
/** Statuses whose answers carry no content (RFC 9110 sections 15.3.5, 15.3.6, 15.4.5). */
const BODILESS: ReadonlySet<number> = new Set([NO_CONTENT, 205, 304])

const TEXT_HEADERS = { 'content-type': 'text/plain; charset=utf-8' } as const
const BLOB_HEADERS = { 'content-type': 'application/octet-stream' } as const
const JSON_HEADERS = { 'content-type': 'application/json' } as const
const NO_HEADERS = {} as const

interface Content {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** What makes the chunks of a streamed answer: called for each, or walked over. */
export type ChunkSource = FunctionPointer | RhaiIterator

/** A full answer whose body comes in chunks. */
export interface StreamStart {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly chunks: ChunkSource
}

/** @throws AnswerError, OutputLimitError */
export function answerOf(value: Value, outputBytesMax: number): ScriptResponse | StreamStart {
  if (isMap(value)) {
    const status = mapGet(value, 'statusCode')
    if (typeof status === 'number' || typeof status === 'bigint') {
      return fullAnswer(value, Number(status), outputBytesMax)
    }
  }
  const { headers, body } = contentOf(value, outputBytesMax)
  return { status: value === undefined ? NO_CONTENT : 200, headers, body }
}

function fullAnswer(
  answer: RhaiMap,
  status: number,
  outputBytesMax: number,
): ScriptResponse | StreamStart {
  if (!(status >= STATUS_MIN && status <= STATUS_MAX)) {
    throw new AnswerError(`statusCode ${status} is not between ${STATUS_MIN} and ${STATUS_MAX}`)
  }
  const body = mapGet(answer, 'body')
  if (isFunction(body) || isIterator(body)) return streamStart(answer, status, body)
  const content = contentOf(body, outputBytesMax)
  if (BODILESS.has(status) && content.body.byteLength > 0) throw bodyRefused(status)
  const headers: ResponseHeaders = responseHeaders(mapGet(answer, 'headers'))
  if (content.body.byteLength > 0) headers['content-type'] ??= content.headers['content-type'] ?? ''
  return { status, headers, body: content.body }
}

function streamStart(answer: RhaiMap, status: number, chunks: ChunkSource): StreamStart {
  if (BODILESS.has(status)) throw bodyRefused(status)
  return { status, headers: responseHeaders(mapGet(answer, 'headers')), chunks }
}

function bodyRefused(status: number): AnswerError {
  return new AnswerError(`an answer with statusCode ${status} has no body`)
}

function contentOf(value: Value, bytesMax: number): Content {
  if (value === undefined) return { headers: NO_HEADERS, body: NO_BYTES }
  if (typeof value === 'string') return { headers: TEXT_HEADERS, body: textBytes(value, bytesMax) }
  if (isBlob(value)) {
    if (value.bytes.byteLength > bytesMax) throw new OutputLimitError(bytesMax)
    return { headers: BLOB_HEADERS, body: value.bytes }
  }
  return { headers: JSON_HEADERS, body: textBytes(jsonText(value, bytesMax), bytesMax) }
}

function jsonText(value: Value, bytesMax: number): string {
  try {
    return toJsonText(value, { bytesMax })
  } catch (error) {
    const isTooLong = error instanceof RhaiError && error.limit?.name === 'outputBytesMax'
    throw isTooLong ? new OutputLimitError(bytesMax) : error
  }
}

function textBytes(text: string, bytesMax: number): Uint8Array {
  if (text.length > bytesMax) throw new OutputLimitError(bytesMax)
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.byteLength > bytesMax) throw new OutputLimitError(bytesMax)
  return bytes
}
