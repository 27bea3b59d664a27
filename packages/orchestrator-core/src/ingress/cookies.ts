/**
 * The Cookie header as names and values (RFC 6265 section 5.4).
 *
 * Of two cookies with one name the first counts: user agents send the more specific path first.
 * Quotes around a value are dropped; escapes are decoded where they are well formed, since most
 * servers write values with `encodeURIComponent`.
 *
 * @module
 */
import { TextRecord } from './text-record.ts'

export function parseCookies(header: string): TextRecord {
  const cookies = new TextRecord()
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    const name = equals === -1 ? '' : pair.slice(0, equals).trim()
    if (name !== '' && cookies[name] === undefined) {
      cookies[name] = decode(unquoted(pair.slice(equals + 1).trim()))
    }
  }
  return cookies
}

function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1)
    : value
}

function decode(value: string): string {
  if (!value.includes('%')) return value
  try {
    return decodeURIComponent(value)
  } catch {
    // Not an escape after all, but a plain per cent sign.
    return value
  }
}
