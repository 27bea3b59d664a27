/**
 * Where a deployed script can be reached: the address to print.
 *
 * @module
 */
import { matchHost, normalizeHost, parseHostPattern } from '@picloud/shared'

export interface DeployedPlace {
  /** The server the command spoke to: it gives the scheme and the port. */
  readonly server: URL
  /** Patterns the app claims. */
  readonly claims: readonly string[]
  /** Null: every host the app claims. */
  readonly hostPattern: string | null
  readonly pathPattern: string
}

/**
 * The URL, or null when the app claims no host for it.
 *
 * The server's own name is taken where the app answers for it; else the first exact host; else a
 * pattern, shown as it is (`http://{tenant}.example.com/cart`).
 */
export function deployedUrl(place: DeployedPlace): string | null {
  const host = hostOf(place)
  if (host === null) return null
  const port = place.server.port === '' ? '' : `:${place.server.port}`
  return `${place.server.protocol}//${host}${port}${place.pathPattern}`
}

function hostOf(place: DeployedPlace): string | null {
  const patterns = place.hostPattern === null ? place.claims : [place.hostPattern]
  const serverHost = normalizeHost(place.server.host)
  const parsed = patterns.map(parseHostPattern)
  if (serverHost !== null && parsed.some((pattern) => matchHost(pattern, serverHost) !== null)) {
    return serverHost
  }
  const exact = parsed.find((pattern) => pattern.kind === 'exact')
  return exact?.text ?? parsed[0]?.text ?? null
}
