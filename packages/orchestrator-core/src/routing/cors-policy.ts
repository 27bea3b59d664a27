/**
 * What an app's setting `cors` means for one request (Fetch standard, section 3.2).
 *
 * Made once when the app is loaded: a request from a page costs it one look-up, and a request to an
 * app without the setting nothing. The fields never hold `*` beside credentials, and where they
 * depend on the origin that asks, every answer says so in `Vary`, also one to a request without an
 * origin: a cache must not give it to a page.
 *
 * @module
 */
import {
  type CorsSettings,
  type Logger,
  matchesOrigin,
  type OriginPattern,
  parseOriginPattern,
} from '@picloud/shared'

const ALLOW_ORIGIN = 'access-control-allow-origin'
const REQUEST_METHOD = 'access-control-request-method'
const REQUEST_HEADERS = 'access-control-request-headers'
/** A list of field names, as a browser sends it; anything else is not repeated to it. */
const FIELD_NAMES = /^[!#$%&'*+\-.^_`|~0-9A-Za-z, ]{1,4096}$/

type Fields = Readonly<Record<string, string>>

/** Whether an OPTIONS request is a browser's question before a page's request. */
export function isPreflight(headers: Fields): boolean {
  return headers.origin !== undefined && headers[REQUEST_METHOD] !== undefined
}

export class CorsPolicy {
  readonly #anyOrigin: boolean
  readonly #origins: ReadonlySet<string>
  readonly #patterns: readonly OriginPattern[]
  readonly #credentials: boolean
  readonly #exposed: string
  readonly #methods: string
  readonly #anyHeader: boolean
  readonly #headers: string
  readonly #maxAge: string

  constructor(settings: CorsSettings) {
    const patterns = settings.origins.map(parseOriginPattern).filter((pattern) => pattern !== null)
    this.#credentials = settings.credentials
    // Stored rows are checked when they are written; this holds whoever wrote them.
    this.#anyOrigin = !this.#credentials && patterns.some(({ kind }) => kind === 'any')
    this.#origins = new Set(patterns.flatMap((one) => (one.kind === 'exact' ? [one.origin] : [])))
    this.#patterns = patterns.filter(({ kind }) => kind === 'label')
    this.#exposed = settings.expose_headers.join(', ')
    this.#methods = settings.methods.join(', ')
    this.#anyHeader = settings.headers.includes('*')
    this.#headers = settings.headers.join(', ')
    this.#maxAge = String(settings.max_age_seconds)
  }

  /** Adds what an answer to a page needs. */
  addTo(fields: string[], { origin }: Fields): void {
    if (!this.#addOrigin(fields, origin)) return
    if (this.#exposed !== '') fields.push('access-control-expose-headers', this.#exposed)
  }

  /** Adds only what a cache must know, where a script has said the rest itself. */
  addVaryTo(fields: string[]): void {
    if (!this.#anyOrigin) fields.push('vary', 'Origin')
  }

  /** Adds the answer to a preflight; to an origin that may not, it is that nothing is allowed. */
  addPreflightTo(fields: string[], headers: Fields): void {
    if (this.#anyHeader) fields.push('vary', 'Access-Control-Request-Headers')
    if (!this.#addOrigin(fields, headers.origin)) return
    fields.push('access-control-allow-methods', this.#methods)
    const asked = headers[REQUEST_HEADERS]
    // The names that were asked for: for `*` itself not all browsers mean every header.
    const allowed = this.#anyHeader ? (asked ?? '') : this.#headers
    if (FIELD_NAMES.test(allowed)) fields.push('access-control-allow-headers', allowed)
    fields.push('access-control-max-age', this.#maxAge)
  }

  #addOrigin(fields: string[], origin: string | undefined): boolean {
    if (this.#anyOrigin) {
      fields.push(ALLOW_ORIGIN, '*')
      return true
    }
    this.addVaryTo(fields)
    if (origin === undefined || !this.#allows(origin)) return false
    fields.push(ALLOW_ORIGIN, origin)
    if (this.#credentials) fields.push('access-control-allow-credentials', 'true')
    return true
  }

  #allows(origin: string): boolean {
    if (this.#origins.has(origin)) return true
    return this.#patterns.some((pattern) => matchesOrigin(pattern, origin))
  }
}

/** A stored setting that breaks today's rules opens nothing, and is reported. */
export function corsPolicyOf(
  app: { readonly slug: string; readonly cors: CorsSettings | null },
  logger: Logger,
): CorsPolicy | null {
  if (app.cors === null) return null
  try {
    return new CorsPolicy(app.cors)
  } catch (error) {
    logger.warn({ app: app.slug, error: String(error) }, 'A stored setting cors was left out.')
    return null
  }
}
