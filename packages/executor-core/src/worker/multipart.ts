/**
 * Reads `multipart/form-data` (RFC 7578, with names as browsers write them: HTML, multipart form
 * data) from a whole body.
 *
 * A pure function over bytes, strict about framing: what another reader could take differently is
 * refused, not guessed. Every part is found by searching for the next boundary once, so the time
 * grows with the length alone.
 *
 * @module
 */

export interface FormPart {
  readonly name: string
  /** As the client says, which may be a path; null: a plain field. */
  readonly filename: string | null
  /** `text/plain` where the client says nothing (RFC 7578 section 4.4). */
  readonly contentType: string
  /** A view into the body. */
  readonly content: Uint8Array
}

/** What is wrong with it, as the end of a sentence. */
export class MultipartError extends Error {
  override readonly name = 'MultipartError'
}

export const FORM_PARTS_MAX = 1_000
const PART_HEADERS_MAX = 16
const PART_HEADER_BYTES_MAX = 8 * 1024
export const FORM_NAME_BYTES_MAX = 1_024

/** RFC 2046 section 5.1.1. */
const BOUNDARY = /;[\t ]*boundary=(?:"([^"]{1,70})"|([^\s";,]{1,70}))[\t ]*(?:;|$)/i
const HEADER = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[\t ]*(.*)$/s
const PARAMETER = /[\t ]*;[\t ]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)=/y
const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y
/** Encodings that change nothing; RFC 7578 section 4.7 has done with the others. */
const PLAIN_ENCODINGS: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary'])

const CR = 13
const LF = 10
const DASH = 45
const SPACE = 32
const TAB = 9

/** @throws MultipartError */
export function parseMultipart(contentType: string, given: Uint8Array): readonly FormPart[] {
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) throw new MultipartError('its content type names no boundary')
  const body = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  const parts: FormPart[] = []
  // The first delimiter has no line before it to end.
  if (!body.subarray(0, delimiter.length - 2).equals(delimiter.subarray(2))) {
    throw new MultipartError('it does not begin with its boundary')
  }
  let at = delimiter.length - 2
  while (!isLast(body, at)) {
    if (parts.length === FORM_PARTS_MAX) {
      throw new MultipartError(`it has more parts than the ${FORM_PARTS_MAX} that are taken`)
    }
    const head = lineEnd(body, at)
    const end = body.indexOf(delimiter, head - 2)
    if (end === -1) throw new MultipartError('its last boundary is missing')
    parts.push(partOf(body, head, end))
    at = end + delimiter.length
  }
  return parts
}

/** Whether the boundary that ends at `at` is the last one. */
function isLast(body: Buffer, at: number): boolean {
  if (body[at] !== DASH || body[at + 1] !== DASH) return false
  for (let index = at + 2; index < body.length; index += 1) {
    const byte = body[index]
    if (byte !== CR && byte !== LF && byte !== SPACE && byte !== TAB) {
      throw new MultipartError('something follows its last boundary')
    }
  }
  return true
}

/** Where the line after a boundary begins; only padding may follow one. */
function lineEnd(body: Buffer, start: number): number {
  let at = start
  while (body[at] === SPACE || body[at] === TAB) at += 1
  if (body[at] !== CR || body[at + 1] !== LF) {
    throw new MultipartError('a boundary is followed by something else than a line end')
  }
  return at + 2
}

interface PartHead {
  disposition: string | null
  contentType: string
}

/** @param start of its headers; `end`: of its content */
function partOf(body: Buffer, start: number, end: number): FormPart {
  const head: PartHead = { disposition: null, contentType: 'text/plain' }
  let at = start
  for (let count = 0; ; count += 1) {
    if (count > PART_HEADERS_MAX) {
      throw new MultipartError(
        `a part has more headers than the ${PART_HEADERS_MAX} that are taken`,
      )
    }
    const lineFeed = body.indexOf('\r\n', at, 'latin1')
    if (lineFeed === -1 || lineFeed > end) {
      throw new MultipartError('the headers of a part do not end')
    }
    if (lineFeed - start > PART_HEADER_BYTES_MAX) {
      throw new MultipartError(
        `a part has more than the ${PART_HEADER_BYTES_MAX} bytes of headers that are taken`,
      )
    }
    const line = body.toString('utf8', at, lineFeed)
    at = lineFeed + 2
    if (line === '') break
    readHeader(line, head)
  }
  if (head.disposition === null) throw new MultipartError('a part has no Content-Disposition')
  const { name, filename } = namesOf(head.disposition)
  // An empty part ends where its headers do: their last line end is the boundary's first.
  const content = body.subarray(at, Math.max(at, end))
  return { name, filename, contentType: head.contentType, content }
}

function readHeader(line: string, head: PartHead): void {
  const [, name, value = ''] = HEADER.exec(line) ?? []
  if (name === undefined) throw new MultipartError('a part has a line that is no header')
  switch (name.toLowerCase()) {
    case 'content-disposition':
      if (head.disposition !== null) {
        throw new MultipartError('a part has two Content-Dispositions')
      }
      head.disposition = value
      return
    case 'content-type':
      head.contentType = value.trim()
      return
    case 'content-transfer-encoding':
      if (!PLAIN_ENCODINGS.has(value.trim().toLowerCase())) {
        throw new MultipartError('a part is encoded, which forms are not')
      }
  }
}

function namesOf(disposition: string): { name: string; filename: string | null } {
  const [kind = ''] = disposition.split(';', 1)
  if (kind.trim().toLowerCase() !== 'form-data') {
    throw new MultipartError('a part is not form-data')
  }
  let name: string | null = null
  let filename: string | null = null
  let at = kind.trimEnd().length
  while (disposition.slice(at).trim() !== '') {
    PARAMETER.lastIndex = at
    const [, key = ''] = PARAMETER.exec(disposition) ?? []
    if (key === '') throw new MultipartError('a part has a Content-Disposition that is malformed')
    const value = valueAt(disposition, PARAMETER.lastIndex)
    at = value.end
    const isName = key.toLowerCase() === 'name'
    const isFilename = key.toLowerCase() === 'filename'
    if ((isName && name !== null) || (isFilename && filename !== null)) {
      throw new MultipartError(`a part has two of the parameter ${key.toLowerCase()}`)
    }
    if (isName) name = value.text
    if (isFilename) filename = value.text
  }
  if (name === null) throw new MultipartError('a part has no name')
  if (Buffer.byteLength(name) > FORM_NAME_BYTES_MAX) {
    throw new MultipartError(
      `a name is longer than the ${FORM_NAME_BYTES_MAX} bytes that are taken`,
    )
  }
  return { name, filename }
}

/** A token, or a text in quotes, in which `%22`, `%0D` and `%0A` are escapes and a backslash is itself. */
function valueAt(text: string, start: number): { readonly text: string; readonly end: number } {
  if (text[start] !== '"') {
    TOKEN.lastIndex = start
    const [token = ''] = TOKEN.exec(text) ?? []
    if (token === '') throw new MultipartError('a part has a parameter without a value')
    return { text: token, end: start + token.length }
  }
  const end = text.indexOf('"', start + 1)
  if (end !== -1) {
    const value = text.slice(start + 1, end).replace(/%(?:0A|0D|22)/gi, unescaped)
    return { text: value, end: end + 1 }
  }
  throw new MultipartError('a part has a parameter whose quotes do not end')
}

function unescaped(percent: string): string {
  return decodeURIComponent(percent)
}
