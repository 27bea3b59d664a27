/**
 * Which origins a setting means (RFC 6454 section 6.1, as browsers write them in `Origin`).
 *
 * An origin is scheme, host and port. The host may begin with a label `*`, which stands for exactly
 * one label, as in the claims of apps. `null`, the origin of pages that have none, cannot be meant:
 * anyone can make such a page.
 *
 * @module
 */
import { normalizeHost } from './host-pattern.ts'

export type OriginPattern =
  | { readonly kind: 'any' }
  /** `origin` is in the form browsers send. */
  | { readonly kind: 'exact'; readonly origin: string }
  /** One label between `prefix` and `suffix`: `https://` and `.example.com:8443`. */
  | { readonly kind: 'label'; readonly prefix: string; readonly suffix: string }

const ORIGIN = /^([a-z][a-z0-9+.-]*):\/\/(\*\.)?([^/?#@:]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: ':80', https: ':443' }
const LABEL = /^[a-z0-9_-]+$/

/** Null when the text is no pattern of origins. */
export function parseOriginPattern(text: string): OriginPattern | null {
  if (text === '*') return { kind: 'any' }
  const [, scheme = '', label, name = '', written = ''] = ORIGIN.exec(text.toLowerCase()) ?? []
  const host = scheme === '' ? null : normalizeHost(name)
  if (host === null) return null
  const port = written === DEFAULT_PORTS[scheme] ? '' : written
  if (label === undefined) return { kind: 'exact', origin: `${scheme}://${host}${port}` }
  // One label alone would be a whole top-level domain.
  if (!host.includes('.') || host.startsWith('[')) return null
  return { kind: 'label', prefix: `${scheme}://`, suffix: `.${host}${port}` }
}

/** @param origin as a browser sent it */
export function matchesOrigin(pattern: OriginPattern, origin: string): boolean {
  switch (pattern.kind) {
    case 'any':
      return true
    case 'exact':
      return pattern.origin === origin
    case 'label': {
      const { prefix, suffix } = pattern
      if (!origin.startsWith(prefix) || !origin.endsWith(suffix)) return false
      return LABEL.test(origin.slice(prefix.length, -suffix.length))
    }
  }
}
