/**
 * The query of a URL as names and values, by the rules of HTML forms (WHATWG URL, section 5.1):
 * `+` is a space, escapes are UTF-8, a malformed escape stays as it was written. A name given more
 * than once keeps its last value.
 *
 * @module
 */
import { TextRecord } from './text-record.ts'

export function parseQuery(query: string): TextRecord {
  const values = new TextRecord()
  let start = 0
  while (start < query.length) {
    let end = query.indexOf('&', start)
    if (end === -1) end = query.length
    if (end > start) {
      const equals = query.indexOf('=', start)
      const nameEnd = equals === -1 || equals > end ? end : equals
      values[decode(query.slice(start, nameEnd))] = decode(query.slice(nameEnd + 1, end))
    }
    start = end + 1
  }
  return values
}

function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    // Malformed: the platform's own parser knows the rules. `&` and a first `=` cannot be in here.
    return new URLSearchParams(`=${text}`).get('') ?? text
  }
}
