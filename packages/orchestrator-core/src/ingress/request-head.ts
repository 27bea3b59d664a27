/**
 * The header fields of a request in one pass over what the parser gave us.
 *
 * Node's own header objects drop or join repeated fields by rules of their own and can be told
 * apart from what was sent only by asking several of them; a script is given every field, joined as
 * RFC 9110 section 5.2 says. Fields named `x-picloud-*` are ours and never shown to scripts, and the
 * cookie of a signed-in administrator is none of a script's business.
 *
 * One of ours is read: `x-picloud-hops`, by which scripts that send requests to each other without
 * end are told from others. Who sends it from outside can only have less done for them.
 *
 * @module
 */
import { HOPS_FIELD, withoutSessionCookie } from '@picloud/shared'
import { TextRecord } from './text-record.ts'

export interface RequestHead {
  /** Lower-case names. */
  readonly headers: TextRecord
  /** The Host field; null when it is missing. */
  readonly host: string | null
  readonly hostRepeated: boolean
  /** How many requests that scripts sent led to this one. */
  readonly hops: number
}

type FieldKind = 'plain' | 'host' | 'cookie' | 'hops' | 'stripped'

interface FieldName {
  readonly lower: string
  readonly kind: FieldKind
}

/** The parser counts the bytes of names and values alone: fields of one byte would be thousands. */
export const FIELDS_MAX = 1_000

/** Clients send the same few names; a client that invents new ones fills this and no more. */
const NAMES_REMEMBERED_MAX = 512
const remembered = new Map<string, FieldName>()

export function readHead(rawHeaders: readonly string[]): RequestHead {
  const headers = new TextRecord()
  let host: string | null = null
  let hostRepeated = false
  let hops = 0
  // A request with more is refused by who asks; there is no need to look at all of them before.
  const length = Math.min(rawHeaders.length, 2 * FIELDS_MAX)
  for (let index = 0; index < length; index += 2) {
    const { lower, kind } = fieldName(rawHeaders[index] ?? '')
    const raw = rawHeaders[index + 1] ?? ''
    const value = kind === 'cookie' ? withoutSessionCookie(raw) : raw
    if (kind === 'hops') hops = Math.max(hops, hopsOf(raw))
    if (kind === 'stripped' || kind === 'hops' || (value === '' && raw !== '')) continue
    const earlier = headers[lower]
    if (kind === 'host') {
      hostRepeated ||= host !== null
      host = value
    }
    if (earlier === undefined) headers[lower] = value
    // RFC 9113 section 8.2.3 for cookies, whose pairs no comma may part.
    else headers[lower] = `${earlier}${kind === 'cookie' ? '; ' : ', '}${value}`
  }
  return { headers, host, hostRepeated, hops }
}

/** 0 for what is no number of them. */
function hopsOf(value: string): number {
  return /^\d{1,3}$/.test(value) ? Number(value) : 0
}

/** Takes a field out that was meant for us alone. */
export function dropField(head: RequestHead, name: string): void {
  delete head.headers[name]
}

function fieldName(raw: string): FieldName {
  const known = remembered.get(raw)
  if (known !== undefined) return known
  const lower = raw.toLowerCase()
  const made = { lower, kind: kindOf(lower) }
  if (remembered.size < NAMES_REMEMBERED_MAX) remembered.set(raw, made)
  return made
}

function kindOf(lower: string): FieldKind {
  if (lower === 'host' || lower === 'cookie') return lower
  if (lower === HOPS_FIELD) return 'hops'
  return lower.startsWith('x-picloud-') ? 'stripped' : 'plain'
}
