/**
 * Which hosts an app, or one of its routes, answers for.
 *
 * A pattern is made of whole labels: `shop.example.com`, `*.example.com` or `{tenant}.example.com`.
 * The free first label stands for exactly one label, as in certificates and in the proxy before us,
 * so a host meets at most one exact pattern and at most one free one. Patterns with one
 * {@link shapeKey} answer for the same hosts, whatever they name the label: that is a collision.
 * Pure, and free of Node: the dashboard checks with the same code.
 *
 * @module
 */
import { PicloudError } from './picloud-error.ts'

/** RFC 1035 section 2.3.4. */
const HOST_LENGTH_MAX = 253
const LABEL_LENGTH_MAX = 63
const CAPTURE_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/
const HOST_CHARACTERS = /^[a-z0-9._-]+$/
const IPV4 = /^\d+\.\d+\.\d+\.\d+$/
/** What the URL parser would strip, decode or take for the end of the host. */
const NOT_IN_HOSTS = /[\s/\\?#@%<>^|{}*"`]|\p{Cc}/u
const PORT_MAX = 65_535

export type HostPattern =
  | { readonly kind: 'exact'; readonly text: string; readonly host: string }
  | { readonly kind: 'wildcard'; readonly text: string; readonly suffix: string }
  | {
      readonly kind: 'named'
      readonly text: string
      readonly suffix: string
      readonly name: string
    }

/** What a pattern captured of a host. Names begin with a letter, so none is `__proto__`. */
export type HostParams = Readonly<Record<string, string>>

const NO_PARAMS: HostParams = Object.freeze({})

export class HostPatternError extends PicloudError<'PIC_HOST_PATTERN_INVALID'> {
  constructor(text: string, problem: string) {
    super({
      code: 'PIC_HOST_PATTERN_INVALID',
      audience: 'user',
      status: 422,
      message:
        `The host pattern ${JSON.stringify(text)} ${problem}. Write whole labels: ` +
        'shop.example.com, *.example.com or {tenant}.example.com.',
    })
  }
}

/**
 * Reads a pattern as a person writes it; `text` of the result is its one normal form.
 *
 * @throws {@link HostPatternError}
 * @example parseHostPattern('*.Example.COM').text === '*.example.com'
 */
export function parseHostPattern(text: string): HostPattern {
  const trimmed = text.trim()
  const dot = trimmed.indexOf('.')
  const first = dot === -1 ? trimmed : trimmed.slice(0, dot)
  const rest = dot === -1 ? '' : trimmed.slice(dot + 1)
  if (first === '*') {
    const suffix = suffixOf(text, rest)
    return { kind: 'wildcard', text: `*.${suffix}`, suffix }
  }
  if (first.startsWith('{') && first.endsWith('}')) {
    const name = first.slice(1, -1)
    if (!CAPTURE_NAME.test(name)) {
      throw new HostPatternError(
        text,
        `names its label ${JSON.stringify(name)}; a name is a letter, then letters, digits or _`,
      )
    }
    const suffix = suffixOf(text, rest)
    return { kind: 'named', text: `{${name}}.${suffix}`, suffix, name }
  }
  const host = hostOf(text, trimmed)
  return { kind: 'exact', text: host, host }
}

/** Equal for two patterns exactly when they answer for the same hosts. */
export function shapeKey(pattern: HostPattern): string {
  return pattern.kind === 'exact' ? pattern.host : `*.${pattern.suffix}`
}

/** The keys of every claim that could answer for a normalised host, the most specific first. */
export function shapeKeysOf(host: string): readonly string[] {
  const dot = host.indexOf('.')
  return dot < 1 ? [host] : [host, `*.${host.slice(dot + 1)}`]
}

/** Whether every host that `route` answers for lies inside `claim`. */
export function hostPatternCovers(claim: HostPattern, route: HostPattern): boolean {
  if (route.kind !== 'exact') return shapeKey(claim) === shapeKey(route)
  return matchHost(claim, route.host) !== null
}

/** What `pattern` captures of a normalised host; null when it does not answer for it. */
export function matchHost(pattern: HostPattern, host: string): HostParams | null {
  if (pattern.kind === 'exact') return pattern.host === host ? NO_PARAMS : null
  const dot = host.indexOf('.')
  if (dot < 1 || host.length !== dot + 1 + pattern.suffix.length) return null
  if (!host.endsWith(pattern.suffix)) return null
  return pattern.kind === 'named' ? { [pattern.name]: host.slice(0, dot) } : NO_PARAMS
}

/** Orders the more specific pattern first: exact before free, then by the longer suffix. */
export function compareHostPatterns(a: HostPattern, b: HostPattern): number {
  if (a.kind === 'exact' || b.kind === 'exact') {
    return Number(a.kind !== 'exact') - Number(b.kind !== 'exact')
  }
  return b.suffix.length - a.suffix.length
}

/**
 * The one form of a Host header: no port, no trailing dot, lower case, IDNA in ASCII, IPv6 in
 * brackets. Null when the text is no host.
 *
 * @example normalizeHost('Shop.Example.com.:8080') === 'shop.example.com'
 */
export function normalizeHost(hostHeader: string): string | null {
  const plain = plainHostLength(hostHeader)
  if (plain === 0) return parseHost(hostHeader)
  return plain === hostHeader.length ? hostHeader : hostHeader.slice(0, plain)
}

/** Whether a normalised host is an IPv4 or IPv6 address. */
export function isIpLiteral(host: string): boolean {
  return host.startsWith('[') || IPV4.test(host)
}

/**
 * Length of the host in a header that is in normal form already, as nearly all are; 0 sends the
 * header to the full parser. Saves every request the cost of a URL object.
 */
function plainHostLength(header: string): number {
  let labelStart = 0
  let letterSeen = false
  let end = header.length
  for (let index = 0; index < header.length; index += 1) {
    const code = header.charCodeAt(index)
    if (code >= 97 && code <= 122) {
      letterSeen = true
    } else if (code === 46) {
      if (index === labelStart || index - labelStart > LABEL_LENGTH_MAX) return 0
      labelStart = index + 1
      letterSeen = false
    } else if (code === 58) {
      end = index
      break
    } else if (code !== 45 && code !== 95 && (code < 48 || code > 57)) {
      return 0
    }
  }
  // A last label without letters may be part of an address; 0x7f is one too.
  if (!letterSeen || end - labelStart > LABEL_LENGTH_MAX || end > HOST_LENGTH_MAX) return 0
  if (header.startsWith('0x', labelStart)) return 0
  return end === header.length || isPort(header, end + 1) ? end : 0
}

function isPort(header: string, start: number): boolean {
  let port = 0
  for (let index = start; index < header.length; index += 1) {
    const digit = header.charCodeAt(index) - 48
    if (digit < 0 || digit > 9) return false
    port = port * 10 + digit
    if (port > PORT_MAX) return false
  }
  return true
}

function parseHost(header: string): string | null {
  if (header === '' || NOT_IN_HOSTS.test(header)) return null
  const colon = header.lastIndexOf(':')
  const hasPort = colon > header.lastIndexOf(']')
  if (hasPort && !isPort(header, colon + 1)) return null
  const written = hasPort ? header.slice(0, colon) : header
  if (written.includes(':') && !written.startsWith('[')) return null
  const url = URL.parse(`http://${written}/`)
  return url === null ? null : normalForm(url.hostname)
}

function normalForm(hostname: string): string | null {
  if (hostname.startsWith('[')) return hostname
  const host = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname
  if (host.length > HOST_LENGTH_MAX || !HOST_CHARACTERS.test(host)) return null
  for (const label of host.split('.')) {
    if (label.length === 0 || label.length > LABEL_LENGTH_MAX) return null
  }
  return host
}

function hostOf(text: string, written: string): string {
  if (written.includes('*') || written.includes('{')) {
    throw new HostPatternError(text, 'has * or {name} elsewhere than as its whole first label')
  }
  if (/:\d*$/.test(written) && !written.endsWith(']')) {
    throw new HostPatternError(text, 'has a port; claims are for hosts, on every port')
  }
  const host = parseHost(written)
  if (host === null) throw new HostPatternError(text, 'is not a host name')
  if (!host.startsWith('[') && /(?:^|\.)-|-(?:\.|$)/.test(host)) {
    throw new HostPatternError(text, 'has a label that begins or ends with a hyphen')
  }
  return host
}

function suffixOf(text: string, rest: string): string {
  if (rest === '') {
    throw new HostPatternError(text, 'has nothing after its free label')
  }
  // Checked with a label in front, as the suffix stands in real hosts: `*.0.0.1` is no host.
  return hostOf(text, `a.${rest}`).slice(2)
}
