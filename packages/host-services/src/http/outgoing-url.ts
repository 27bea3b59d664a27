/**
 * URLs that scripts and redirects ask for.
 *
 * The standard's parser (WHATWG) is forgiving: it drops tabs and line ends, takes `\` for `/`, and
 * reads credentials before an `@` that people overlook. Whoever built such a URL was mistaken or is
 * up to something, so these are refused before it reads them. What it makes of a host (octal, hex,
 * full-width digits) is what the guard looks at.
 *
 * @module
 */
import { HostChar, HostFloat, HostServiceError, type HostValue } from '@picloud/shared'
import { quoted } from '../quoted.ts'
import { URL_LENGTH_MAX } from './http-limits.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u001f\u007f\\]/

/**
 * @param base the URL that a redirect came from
 * @throws HostServiceError `PIC_HTTP_URL`
 */
export function readUrl(value: HostValue, base?: URL): URL {
  if (typeof value !== 'string') throw refused('A URL is a string.')
  if (value.length > URL_LENGTH_MAX) throw tooLong()
  if (FORBIDDEN.test(value)) throw refused('A URL has no control characters and no backslash.')
  if (!URL.canParse(value, base?.href)) throw refused(`${shown(value)} is no URL.`)
  const url = new URL(value, base?.href)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refused(`${shown(value)} is not of http or https.`)
  }
  if (url.username !== '' || url.password !== '') {
    throw refused('A URL has no user or password here: give them in the header Authorization.')
  }
  const host = url.hostname.replace(/\.+$/, '')
  if (host === '') throw refused(`${shown(value)} has no host.`)
  if (host !== url.hostname) url.hostname = host
  url.hash = ''
  return url
}

/** @throws HostServiceError */
export function withQuery(url: URL, query: HostValue): URL {
  if (query === null) return url
  if (!(query instanceof Map)) throw invalidQuery()
  const pairs: [string, string][] = []
  let length = url.href.length
  for (const [name, value] of query as ReadonlyMap<string, HostValue>) {
    for (const each of Array.isArray(value) ? value : [value]) {
      const text = queryText(each)
      if (text === null) continue
      length += name.length + text.length + 2
      if (length > URL_LENGTH_MAX) throw tooLong()
      pairs.push([name, text])
    }
  }
  const added = new URLSearchParams(pairs).toString()
  if (added !== '') url.search = url.search === '' ? added : `${url.search}&${added}`
  if (url.href.length > 3 * URL_LENGTH_MAX) throw tooLong()
  return url
}

/** Null for what is left out. */
function queryText(value: HostValue): string | null {
  if (value === null) return null
  if (typeof value === 'string') return value
  if (typeof value === 'object') {
    if (value instanceof HostChar) return value.text
    if (value instanceof HostFloat) return String(value.value)
    throw invalidQuery()
  }
  return String(value)
}

function invalidQuery(): HostServiceError {
  return new HostServiceError(
    'PIC_OPTION_INVALID',
    'http takes a map of strings, numbers, bools, or arrays of them as query.',
  )
}

function tooLong(): HostServiceError {
  return refused(`A URL of more than ${URL_LENGTH_MAX} characters is not asked for.`)
}

function refused(message: string): HostServiceError {
  return new HostServiceError('PIC_HTTP_URL', message)
}

function shown(text: string): string {
  return JSON.stringify(quoted(text, 80))
}
