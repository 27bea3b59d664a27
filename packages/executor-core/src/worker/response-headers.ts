/**
 * The headers of a script's answer, checked before anything is sent.
 *
 * Names must be tokens, values hold no line breaks, a field that is no list is given once, and the fields that belong to the connection
 * (RFC 9110 section 7.6.1) are refused: they are PiCloud's, and a script that could set them could
 * desynchronise the connection.
 *
 * @module
 */
import { arrayItems, isArray, isMap, mapEntries, type Value } from '@picloud/rhai'
import {
  HEADER_BYTES_MAX,
  HEADER_NAME,
  HEADER_VALUE,
  HEADERS_MAX,
} from '../protocol/outcome-message.ts'
import { AnswerError } from './answer-error.ts'
import { textOf } from './value-text.ts'

const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Fields that are no lists (RFC 9110 section 5.5): of two, each reader could believe another. */
const SINGLE_FIELDS: ReadonlySet<string> = new Set([
  'access-control-allow-origin',
  'age',
  'content-disposition',
  'content-location',
  'content-range',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'location',
  'retry-after',
  'server',
])
/** RFC 6265 section 4.1.1; what follows the name is for browsers to take or leave. */
const COOKIE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+=[\x20-\x7e\x80-\xff]*$/

export type ResponseHeaders = Record<string, string | readonly string[]>

/**
 * Headers of a full answer, names in lower case. An array repeats the field, `()` leaves it out.
 *
 * @throws AnswerError
 */
export function responseHeaders(value: Value): ResponseHeaders {
  const headers: ResponseHeaders = Object.create(null)
  if (value === undefined) return headers
  if (!isMap(value)) throw new AnswerError('headers must be a map of names to texts')
  let bytes = 0
  let count = 0
  for (const [givenName, given] of mapEntries(value)) {
    if (given === undefined) continue
    const name = headerName(givenName)
    const field = isArray(given)
      ? arrayItems(given).map((item) => headerValue(name, item))
      : headerValue(name, given)
    if (typeof field !== 'string' && SINGLE_FIELDS.has(name)) {
      throw new AnswerError(`header ${name} cannot be given more than once`)
    }
    if (headers[name] !== undefined) throw new AnswerError(`header ${name} is given twice`)
    headers[name] = field
    for (const text of typeof field === 'string' ? [field] : field) {
      count += 1
      bytes += name.length + text.length
    }
  }
  if (count > HEADERS_MAX) throw new AnswerError(`${count} headers, the most is ${HEADERS_MAX}`)
  if (bytes > HEADER_BYTES_MAX) {
    throw new AnswerError(`${bytes} bytes of headers, the most is ${HEADER_BYTES_MAX}`)
  }
  return headers
}

function headerName(given: string): string {
  const name = given.toLowerCase()
  if (!HEADER_NAME.test(name)) {
    throw new AnswerError(`${JSON.stringify(given)} is not a header name`)
  }
  if (CONNECTION_FIELDS.has(name)) {
    throw new AnswerError(`header ${name} belongs to the connection, PiCloud sets it`)
  }
  return name
}

function headerValue(name: string, value: Value): string {
  const text = textOf(value)
  if (text === null) throw new AnswerError(`the value of header ${name} must be a text`)
  if (!HEADER_VALUE.test(text)) {
    throw new AnswerError(
      `the value of header ${name} holds a line break or a character outside Latin-1`,
    )
  }
  if (name === 'set-cookie' && !COOKIE.test(text)) {
    throw new AnswerError(`set-cookie ${JSON.stringify(text)} does not begin with name=value`)
  }
  return text
}
