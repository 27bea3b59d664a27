/**
 * Whether a client has an answer already (RFC 9110 section 13).
 *
 * Only a script can know what its answer is, so it has run by then; what is saved is the way to the
 * client. That is why only the two fields are read here that ask not to be sent what is there:
 * `If-Match` and `If-Unmodified-Since` are about what a request does, and that is done.
 *
 * @module
 */
import type { ScriptResponse } from '@picloud/shared'

type Fields = Readonly<Record<string, string>>

const ENTITY_TAG = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g
/** RFC 9110 section 5.6.7: the form of today and the two that must still be read. */
const HTTP_DATES = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
]

/** What a 304 leaves out: it tells of the content, which is not there (section 15.4.5). */
const OF_CONTENT: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-language',
  'content-range',
  'content-type',
  'last-modified',
])

/** @param headers of the request, names in lower case */
export function isNotModified(
  method: string,
  headers: Fields,
  { status, headers: fields }: ScriptResponse,
): boolean {
  const { etag, 'last-modified': modified } = fields
  if (etag === undefined && modified === undefined) return false
  if (status !== 200 || (method !== 'GET' && method !== 'HEAD')) return false
  const tags = headers['if-none-match']
  if (tags !== undefined) return typeof etag === 'string' && hasTag(tags, etag)
  const since = headers['if-modified-since']
  if (since === undefined || typeof modified !== 'string') return false
  const [known, latest] = [httpDate(since), httpDate(modified)]
  return known !== null && latest !== null && latest <= known
}

/** Whether a field of the answer goes with a 304; `etag` tells the same as `last-modified`, better. */
export function staysInNotModified(name: string, fields: ScriptResponse['headers']): boolean {
  return !OF_CONTENT.has(name) || (name === 'last-modified' && fields.etag === undefined)
}

/** The weak comparison: whether a tag is weak does not count (section 8.8.3.2). */
function hasTag(list: string, etag: string): boolean {
  if (list.trim() === '*') return true
  const wanted = etag.startsWith('W/') ? etag.slice(2) : etag
  for (const [, tag] of list.matchAll(ENTITY_TAG)) if (tag === wanted) return true
  return false
}

/** Milliseconds since the epoch; null when it is no date, which is then ignored. */
function httpDate(text: string): number | null {
  if (!HTTP_DATES.some((form) => form.test(text))) return null
  const time = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(time) ? null : time
}
