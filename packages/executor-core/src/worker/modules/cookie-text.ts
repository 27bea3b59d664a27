/**
 * The text of a `Set-Cookie` field (RFC 6265 section 4.1, and what browsers hold to from its
 * successor). Unless a script says otherwise a cookie is for all paths, not for scripts of the page,
 * and does not go along with requests of other sites.
 *
 * @module
 */
import type { CallContext, RhaiMap } from '@picloud/rhai'
import { refusal } from '../refusal.ts'
import { Options } from './options.ts'

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const PATH = /^\/[\x20-\x3a\x3c-\x7e]*$/
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i
/** Browsers ignore longer ones. */
const TEXT_LENGTH_MAX = 4096
/** 400 days: browsers keep none for longer. */
const MAX_AGE_MAX = 400 * 24 * 60 * 60

const OPTIONS = [
  'path',
  'domain',
  'max_age',
  'secure',
  'http_only',
  'same_site',
  'partitioned',
] as const
const SAME_SITE = ['strict', 'lax', 'none'] as const

/** @throws RhaiError `PIC_COOKIE_INVALID`, `PIC_OPTION_INVALID` */
export function cookieText(
  context: CallContext,
  name: string,
  value: string,
  map: RhaiMap | undefined,
): string {
  const options = new Options(context, 'response::cookie', map, OPTIONS)
  checkLength(name.length + value.length)
  if (!NAME.test(name)) throw invalid(`${JSON.stringify(name)} is no name of a cookie`)
  const path = options.text('path') ?? '/'
  const domain = options.text('domain')
  checkLength(path.length + (domain?.length ?? 0))
  if (!PATH.test(path)) throw invalid(`The path of the cookie ${name} does not begin with /`)
  if (domain !== undefined && !DOMAIN.test(domain)) {
    throw invalid(`The domain of the cookie ${name} is no host name`)
  }
  const maxAge = options.int('max_age', 0, MAX_AGE_MAX)
  const secure = options.bool('secure') ?? false
  const sameSite = options.oneOf('same_site', SAME_SITE) ?? 'lax'
  const partitioned = options.bool('partitioned') ?? false
  checkSecure(name, secure, { sameSite, partitioned, path, domain })

  // As ingress reads it back: `request.cookies` has the value as it is here.
  let text = `${name}=${encodeURIComponent(value)}; Path=${path}`
  if (domain !== undefined) text += `; Domain=${domain}`
  if (maxAge !== undefined) text += `; Max-Age=${maxAge}`
  if (secure) text += '; Secure'
  if (options.bool('http_only') ?? true) text += '; HttpOnly'
  text += `; SameSite=${sameSite.charAt(0).toUpperCase()}${sameSite.slice(1)}`
  if (partitioned) text += '; Partitioned'
  checkLength(text.length)
  return text
}

interface Attributes {
  readonly sameSite: (typeof SAME_SITE)[number]
  readonly partitioned: boolean
  readonly path: string
  readonly domain: string | undefined
}

/** What browsers would drop without a word. */
function checkSecure(name: string, secure: boolean, attributes: Attributes): void {
  const { sameSite, partitioned, path, domain } = attributes
  if (secure) {
    if (!/^__Host-/i.test(name) || (path === '/' && domain === undefined)) return
    throw invalid(`The cookie ${name} must have the path / and no domain`)
  }
  if (/^__(?:Host|Secure)-/i.test(name)) throw invalid(`The cookie ${name} must be secure`)
  if (sameSite === 'none' || partitioned) {
    const why = partitioned ? 'partitioned' : 'same_site "none"'
    throw invalid(`The cookie ${name} is ${why}, so it must be secure`)
  }
}

/** Also of the parts, before anything walks over them. */
function checkLength(length: number): void {
  if (length <= TEXT_LENGTH_MAX) return
  throw invalid(`The cookie is ${length} bytes long, the most is ${TEXT_LENGTH_MAX}`)
}

function invalid(message: string) {
  return refusal('PIC_COOKIE_INVALID', message)
}
