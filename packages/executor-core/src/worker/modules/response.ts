/**
 * `response::`, which makes the full answers a script could write by hand (`answer.ts`).
 *
 *     response::json(value), response::text(text), response::html(text), response::blob(blob)
 *     response::redirect(location)
 *     response::stream(chunks), response::sse(events)
 *     response::status(answer, code), response::header(answer, name, value)
 *     response::cookie(answer, name, value)
 *
 * The last three give a changed copy of any answer, also of one that is no map. What cannot be sent
 * is refused where the answer is read, as for answers written by hand.
 *
 * @module
 */
import {
  ANY,
  arrayItems,
  BLOB,
  type CallContext,
  type HostModule,
  hostFunction,
  INT,
  isArray,
  isBlob,
  isFunction,
  isMap,
  MAP,
  makeArray,
  makeIterator,
  makeMap,
  mapEntries,
  mapGet,
  mapSize,
  type RhaiMap,
  STRING,
  toJsonText,
  type Value,
} from '@picloud/rhai'
import { chargeUnits } from '../charge.ts'
import { refusal } from '../refusal.ts'
import { ScriptRun } from '../script-run.ts'
import { cookieText } from './cookie-text.ts'

/** Making a map anew, for each entry. */
const OPERATIONS_PER_ENTRY = 16
/** Of a blob written as a list of numbers. */
const OPERATIONS_PER_BYTE = 4

const OK = 200
const NO_CONTENT = 204
const FOUND = 302
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

export const RESPONSE_MODULE: HostModule = {
  functions: {
    json: [
      hostFunction([ANY], (context, value) => json(context, value, OK)),
      hostFunction([ANY, INT], (context, value, status) => json(context, value, status)),
    ],
    text: [
      hostFunction([STRING], (_context, text) => full(OK, 'text/plain; charset=utf-8', text)),
      hostFunction([STRING, INT], (_context, text, status) =>
        full(status, 'text/plain; charset=utf-8', text),
      ),
    ],
    html: [
      hostFunction([STRING], (_context, text) => full(OK, 'text/html; charset=utf-8', text)),
      hostFunction([STRING, INT], (_context, text, status) =>
        full(status, 'text/html; charset=utf-8', text),
      ),
    ],
    blob: [
      hostFunction([BLOB], (_context, blob) => full(OK, 'application/octet-stream', blob)),
      hostFunction([BLOB, STRING], (_context, blob, type) => full(OK, type, blob)),
    ],
    redirect: [
      hostFunction([STRING], (_context, location) => redirect(location, FOUND)),
      hostFunction([STRING, INT], (_context, location, status) => redirect(location, status)),
    ],
    stream: [
      hostFunction([ANY], (context, chunks) => stream(context, chunks, undefined)),
      hostFunction([ANY, STRING], (context, chunks, type) => stream(context, chunks, type)),
    ],
    sse: hostFunction([ANY], (context, events) => stream(context, events, 'text/event-stream')),
    status: [
      hostFunction([INT], (_context, status) => makeMap([['statusCode', status]])),
      hostFunction([ANY, INT], (context, answer, status) =>
        withEntry(context, asFull(answer), 'statusCode', status),
      ),
    ],
    header: hostFunction([ANY, STRING, ANY], (context, answer, name, value) =>
      withHeader(context, asFull(answer), name, value),
    ),
    cookie: [
      hostFunction([ANY, STRING, STRING], (context, answer, name, value) =>
        withCookie(context, asFull(answer), cookieText(context, name, value, undefined)),
      ),
      hostFunction([ANY, STRING, STRING, MAP], (context, answer, name, value, options) =>
        withCookie(context, asFull(answer), cookieText(context, name, value, options)),
      ),
    ],
  },
}

function full(status: Value, type: string | undefined, body: Value): RhaiMap {
  return makeMap([
    ['statusCode', status],
    ['headers', makeMap(type === undefined ? [] : [['content-type', type]])],
    ['body', body],
  ])
}

/** Arrays and maps become JSON when the answer is sent; anything else would be sent as it is. */
function json(context: CallContext, value: Value, status: Value): RhaiMap {
  if (isMap(value) || isArray(value)) return full(status, 'application/json', value)
  const { outputBytesMax } = ScriptRun.of(context).invocation.limits
  if (typeof value === 'string') chargeUnits(context, value.length)
  if (isBlob(value)) context.charge(value.bytes.byteLength * OPERATIONS_PER_BYTE)
  return full(status, 'application/json', toJsonText(value, { bytesMax: outputBytesMax }))
}

function redirect(location: string, status: Value): RhaiMap {
  if (!REDIRECTS.has(Number(status))) {
    const known = [...REDIRECTS].join(', ')
    throw refusal('PIC_RESPONSE_INVALID', `response::redirect has no status ${status}: ${known}`)
  }
  return makeMap([
    ['statusCode', status],
    ['headers', makeMap([['location', location]])],
  ])
}

function stream(context: CallContext, chunks: Value, type: string | undefined): RhaiMap {
  const source = isFunction(chunks) ? chunks : makeIterator(context, chunks)
  if (source !== undefined) return full(OK, type, source)
  throw refusal('PIC_RESPONSE_INVALID', 'A stream is made by a function, or of an array or a range')
}

function asFull(answer: Value): RhaiMap {
  if (isMap(answer)) {
    const status = mapGet(answer, 'statusCode')
    if (typeof status === 'number' || typeof status === 'bigint') return answer
  }
  return makeMap([
    ['statusCode', answer === undefined ? NO_CONTENT : OK],
    ['body', answer],
  ])
}

function withEntry(context: CallContext, map: RhaiMap, name: string, value: Value): RhaiMap {
  context.charge(mapSize(map) * OPERATIONS_PER_ENTRY)
  return makeMap([...mapEntries(map), [name, value]])
}

function withHeader(context: CallContext, answer: RhaiMap, name: string, value: Value): RhaiMap {
  const others = headersOf(context, answer, name).filter(([other]) => !isSameName(other, name))
  return withEntry(context, answer, 'headers', makeMap([...others, [name, value]]))
}

/** Beside the cookies that are there. */
function withCookie(context: CallContext, answer: RhaiMap, text: string): RhaiMap {
  const cookies = headersOf(context, answer, 'set-cookie')
    .filter(([name]) => isSameName(name, 'set-cookie'))
    .flatMap(([, value]) => (isArray(value) ? arrayItems(value) : [value]))
    .filter((value) => value !== undefined)
  context.charge(cookies.length * OPERATIONS_PER_ENTRY)
  return withHeader(context, answer, 'set-cookie', makeArray([...cookies, text]))
}

/** To be made anew, each of their names compared with one. */
function headersOf(
  context: CallContext,
  answer: RhaiMap,
  name: string,
): readonly (readonly [string, Value])[] {
  const headers = mapGet(answer, 'headers')
  if (headers === undefined) return []
  if (isMap(headers)) {
    context.charge(mapSize(headers) * OPERATIONS_PER_ENTRY)
    chargeUnits(context, name.length, 1 + mapSize(headers))
    return [...mapEntries(headers)]
  }
  throw refusal('PIC_RESPONSE_INVALID', 'The headers of the answer are no map')
}

function isSameName(one: string, other: string): boolean {
  return one.length === other.length && one.toLowerCase() === other.toLowerCase()
}
