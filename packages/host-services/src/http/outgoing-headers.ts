/**
 * Headers that scripts may send.
 *
 * Where a message ends and which host it is for is decided here and nowhere else: a script that
 * could say so would smuggle requests past others, or have a shared server take them for another
 * host's.
 *
 * @module
 */
import { HostServiceError, type HostValue } from '@picloud/shared'
import { quoted } from '../quoted.ts'
import { HEADERS_MAX } from './http-limits.ts'

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
const FORBIDDEN: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
])
const OURS = 'x-picloud-'

/** @throws HostServiceError `PIC_HTTP_HEADER`, `PIC_OPTION_INVALID` */
export function readHeaders(
  value: HostValue,
  bytesMax: number,
): readonly (readonly [name: string, value: string])[] {
  if (value === null) return []
  if (!(value instanceof Map)) {
    throw new HostServiceError('PIC_OPTION_INVALID', 'http takes a map as headers.')
  }
  const headers: [string, string][] = []
  let bytes = 0
  for (const [name, values] of value as ReadonlyMap<string, HostValue>) {
    const lower = readName(name)
    for (const each of Array.isArray(values) ? values : [values]) {
      if (each === null) continue
      const text = readValue(lower, each)
      bytes += lower.length + text.length + 4
      headers.push([lower, text])
      if (headers.length > HEADERS_MAX || bytes > bytesMax) {
        throw refused(`Not more than ${HEADERS_MAX} headers of ${bytesMax} bytes are sent.`)
      }
    }
  }
  return headers
}

function readName(name: string): string {
  const lower = name.toLowerCase()
  if (!NAME.test(name)) throw refused(`${JSON.stringify(quoted(name, 80))} is no name of a header.`)
  if (FORBIDDEN.has(lower) || lower.startsWith(OURS)) {
    throw refused(`The header ${lower} is not a script's to set.`)
  }
  return lower
}

function readValue(name: string, value: HostValue): string {
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
  if (typeof text !== 'string') throw refused(`The header ${name} takes a string or an INT.`)
  if (VALUE.test(text)) return text
  throw refused(`The value of the header ${name} has characters that no header can have.`)
}

function refused(message: string): HostServiceError {
  return new HostServiceError('PIC_HTTP_HEADER', message)
}
