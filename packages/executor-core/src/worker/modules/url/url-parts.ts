/**
 * URLs as maps, by the platform's own parser, which is that of the WHATWG.
 *
 * What a map says is either in the URL that is built of it, or refused: the parser itself leaves out
 * without a word what it cannot use, and a host with a slash in it would be another host.
 *
 * @module
 */
import {
  type CallContext,
  isArray,
  isMap,
  makeMap,
  mapEntries,
  type RhaiMap,
  typeName,
  type Value,
} from '@picloud/rhai'
import { chargeUnits } from '../../charge.ts'
import { quoted } from '../../quoted.ts'
import { refusal } from '../../refusal.ts'
import { queryText } from './query.ts'

const URL_UNITS_MAX = 8192

const PASSES = 8
const SHOWN_MAX = 100
/** The parser takes these away wherever they stand. */
const LEFT_OUT = /[\t\r\n]/
const NOT_ASCII = /[^\p{ASCII}]/gu

/** The text of a URL, relative to another one when there is one. @throws RhaiError */
export function parsedUrl(context: CallContext, text: string, base?: URL): URL {
  if (text.length > URL_UNITS_MAX) {
    throw invalid(`A URL is longer than ${URL_UNITS_MAX} characters`)
  }
  chargeUnits(context, text.length, PASSES)
  // Writing a host in ASCII takes the square of its length.
  const others = text.match(NOT_ASCII)?.length ?? 0
  context.charge(Math.ceil((others * others) / PASSES))
  const url = URL.parse(text, base?.href)
  if (url !== null) return url
  throw invalid(`This is no URL: ${quoted(context, text, SHOWN_MAX)}`)
}

export function partsOfUrl(url: URL): RhaiMap {
  return makeMap([
    ['href', url.href],
    ['origin', url.origin === 'null' ? undefined : url.origin],
    ['scheme', url.protocol.slice(0, -1)],
    ['username', url.username],
    ['password', url.password],
    ['host', url.hostname],
    ['port', url.port === '' ? undefined : Number(url.port)],
    ['path', url.pathname],
    ['query', url.search.slice(1)],
    ['fragment', url.hash.slice(1)],
  ])
}

/** Sets one part of a URL, and says whether it is in it now. */
type SetPart = (context: CallContext, url: URL, value: Value) => boolean

/** In this order; `href` and `origin` say nothing that the others do not. */
const PARTS: ReadonlyMap<string, SetPart> = new Map<string, SetPart>([
  ['username', (_context, url, value) => setText(url, 'username', value)],
  ['password', (_context, url, value) => setText(url, 'password', value)],
  [
    'port',
    (_context, url, value) => {
      const isPort = typeof value === 'number' && value >= 0 && value <= 65_535
      if (isPort) url.port = String(value)
      return isPort
    },
  ],
  ['path', (_context, url, value) => setText(url, 'pathname', value)],
  [
    'query',
    (context, url, value) => {
      if (typeof value === 'string') return setText(url, 'search', value)
      if (!isMap(value) && !isArray(value)) return false
      url.search = queryText(context, value)
      return true
    },
  ],
  ['fragment', (_context, url, value) => setText(url, 'hash', value)],
])

/** @throws RhaiError `PIC_URL_INVALID` for what would not be in the URL */
export function urlOfParts(context: CallContext, map: RhaiMap): URL {
  const given = new Map([...mapEntries(map)].filter(([, value]) => value !== undefined))
  const scheme = given.get('scheme') ?? 'https'
  const host = given.get('host')
  if (typeof scheme !== 'string' || !/^[A-Za-z][A-Za-z0-9+.-]*$/.test(scheme)) {
    throw invalid('The scheme of a URL is letters and digits, without a colon')
  }
  if (typeof host !== 'string' || !/^(?:[^\s/\\?#@:[\]%]+|\[[0-9A-Fa-f:.]+\])$/.test(host)) {
    throw invalid('A URL is built with a host, which is a name or an address and nothing else')
  }
  const url = parsedUrl(context, `${scheme}://${host}`)
  for (const [name, setPart] of PARTS) {
    const value = given.get(name)
    if (value === undefined) continue
    if (typeof value === 'string') chargeUnits(context, value.length, PASSES)
    if (setPart(context, url, value)) continue
    throw invalid(`The part ${name} of a URL cannot be a ${typeName(value)} like that`)
  }
  for (const name of given.keys()) {
    const isPart = PARTS.has(name) || ['scheme', 'host', 'href', 'origin'].includes(name)
    if (!isPart) throw invalid(`There is no part ${name} of a URL`)
  }
  if (url.href.length > URL_UNITS_MAX) {
    throw invalid(`The URL is longer than ${URL_UNITS_MAX} characters`)
  }
  return url
}

function setText(
  url: URL,
  part: 'username' | 'password' | 'pathname' | 'search' | 'hash',
  value: Value,
): boolean {
  if (typeof value !== 'string' || LEFT_OUT.test(value)) return false
  url[part] = value
  return true
}

export function invalid(message: string): unknown {
  return refusal('PIC_URL_INVALID', message)
}
