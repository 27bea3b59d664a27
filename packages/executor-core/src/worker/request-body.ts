/**
 * Parses a request's body by its content type, as `request.body` shows it.
 *
 *     empty                                  ()
 *     application/json, *+json               the JSON value
 *     application/x-www-form-urlencoded      a map of texts
 *     multipart/form-data                    a map of texts; of a file: filename, content_type, data
 *     text/*                                 a string
 *     anything else, or no content type      a blob
 *
 * Of form fields with one name the last counts, but a name that ends in `[]` is always a list of all
 * its values: what a script gets depends on the form it wrote, not on how often a client repeats.
 *
 * A body that is not what its content type says ends the invocation before the script runs: the
 * mistake is the client's, and every script would have to check for it otherwise.
 *
 * @module
 */
import { fromJson, makeArray, makeBlob, makeMap, type Value } from '@picloud/rhai'
import {
  FORM_NAME_BYTES_MAX,
  FORM_PARTS_MAX,
  type FormPart,
  MultipartError,
  parseMultipart,
} from './multipart.ts'
import { refusedBecause } from './refusal.ts'

const LIST_SUFFIX = '[]'
const AMPERSAND = 38
/** What a number of JavaScript may not have all digits of; looked for first, as few bodies do. */
const LONG_NUMBER = /\d{16}/
const LONG_INT = /^-?\d{16,19}$/

/** The body is not what its content type says; the message is for the client. */
export class RequestBodyError extends Error {
  override readonly name = 'RequestBodyError'
}

/** @throws RequestBodyError */
export function parseBody(contentType: string | undefined, body: Uint8Array): Value {
  const { type, parameters } = mediaTypeOf(contentType)
  if (body.byteLength === 0) return undefined
  if (isJson(type)) return jsonBody(body)
  if (type === 'application/x-www-form-urlencoded') return formBody(body)
  if (type === 'multipart/form-data') return multipartBody(contentType ?? '', body)
  if (type.startsWith('text/')) return textBody(body, charsetOf(parameters))
  return makeBlob(body)
}

/**
 * The body of an answer that a script got: JSON and texts by the same rules, nothing as `()`.
 *
 * @returns undefined for what stays bytes
 * @throws RequestBodyError
 */
export function parseAnswer(
  contentType: string | undefined,
  body: Uint8Array,
  readJson: (text: string) => Value,
): { readonly value: Value } | undefined {
  const { type, parameters } = mediaTypeOf(contentType)
  if (body.byteLength === 0) return { value: undefined }
  if (type.startsWith('text/')) return { value: textBody(body, charsetOf(parameters)) }
  if (!isJson(type)) return undefined
  try {
    return { value: readJson(utf8Text(body)) }
  } catch (error) {
    const reason = refusedBecause(error)
    if (reason === undefined) throw error
    throw new RequestBodyError(`The answer is not valid JSON: ${reason}.`)
  }
}

function mediaTypeOf(contentType: string | undefined): {
  readonly type: string
  readonly parameters: readonly string[]
} {
  const [essence = '', ...parameters] = (contentType ?? '').split(';')
  return { type: essence.trim().toLowerCase(), parameters }
}

function isJson(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json')
}

function jsonBody(body: Uint8Array): Value {
  const text = utf8Text(body)
  let value: unknown
  try {
    value = LONG_NUMBER.test(text) ? JSON.parse(text, inAllDigits) : JSON.parse(text)
  } catch (error) {
    throw new RequestBodyError(`The request body is not valid JSON: ${messageOf(error)}.`)
  }
  try {
    return fromJson(value)
  } catch (error) {
    throw new RequestBodyError(`The JSON of the request body cannot be used: ${messageOf(error)}.`)
  }
}

/** A whole number as it was written, where JavaScript would have rounded it. */
function inAllDigits(
  _name: string,
  value: unknown,
  { source = '' }: { readonly source?: string } = {},
): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || !LONG_INT.test(source)) {
    return value
  }
  const int = BigInt(source)
  return BigInt.asIntN(64, int) === int ? int : value
}

function formBody(body: Uint8Array): Value {
  // Before they are taken apart: of many short ones each costs far more than its bytes.
  if (separatorsUpTo(FORM_PARTS_MAX + 1, body) > FORM_PARTS_MAX) {
    throw new RequestBodyError(
      `The form in the request body has more fields than the ${FORM_PARTS_MAX} that are taken.`,
    )
  }
  const fields = new URLSearchParams(utf8Text(body))
  if (fields.size > FORM_PARTS_MAX) {
    throw new RequestBodyError(
      `The form in the request body has more fields than the ${FORM_PARTS_MAX} that are taken.`,
    )
  }
  for (const name of fields.keys()) {
    // The bytes of a name are at least its length.
    if (name.length <= FORM_NAME_BYTES_MAX && Buffer.byteLength(name) <= FORM_NAME_BYTES_MAX)
      continue
    throw new RequestBodyError(
      `The form in the request body has a name of more than ${FORM_NAME_BYTES_MAX} bytes.`,
    )
  }
  return fieldMap([...fields])
}

function separatorsUpTo(countMax: number, body: Uint8Array): number {
  let count = 0
  let at = body.indexOf(AMPERSAND)
  while (at !== -1 && count < countMax) {
    count += 1
    at = body.indexOf(AMPERSAND, at + 1)
  }
  return count
}

function multipartBody(contentType: string, body: Uint8Array): Value {
  try {
    const parts = parseMultipart(contentType, body)
    return fieldMap(parts.map((part) => [part.name, partValue(part)]))
  } catch (error) {
    if (!(error instanceof MultipartError)) throw error
    throw new RequestBodyError(`The form in the request body cannot be read: ${error.message}.`)
  }
}

function partValue({ filename, contentType, content }: FormPart): Value {
  if (filename === null) return utf8Text(content)
  return makeMap([
    ['filename', filename],
    ['content_type', contentType],
    // Its own bytes: a script may change one file and not another.
    ['data', makeBlob(Uint8Array.from(content))],
  ])
}

function fieldMap(fields: readonly (readonly [name: string, value: Value])[]): Value {
  const lists = new Map<string, Value[]>()
  const entries = fields.map(([name, value]): [string, Value] => {
    if (!name.endsWith(LIST_SUFFIX)) return [name, value]
    const list = lists.get(name) ?? []
    lists.set(name, list)
    list.push(value)
    return [name, undefined]
  })
  for (const [name, list] of lists) entries.push([name, makeArray(list)])
  return makeMap(entries)
}

function textBody(body: Uint8Array, charset: string): string {
  if (charset === 'utf-8') return utf8Text(body)
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    throw new RequestBodyError(`The charset ${JSON.stringify(charset)} of the body is not known.`)
  }
}

function charsetOf(parameters: readonly string[]): string {
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=')
    if (name.trim().toLowerCase() === 'charset') {
      return value
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .toLowerCase()
    }
  }
  return 'utf-8'
}

const UTF8 = new TextDecoder('utf-8')

/** Malformed bytes become U+FFFD, as everywhere on the web; the bytes are in `body_raw`. */
function utf8Text(bytes: Uint8Array): string {
  return UTF8.decode(bytes)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
