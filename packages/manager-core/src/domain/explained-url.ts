/**
 * Reads the URL of a request that somebody wants explained, as a client would send it.
 *
 * Not by the URL parser: it takes dot segments out of a path, which is what some of these questions
 * are about.
 *
 * @module
 */
import { normalizeHost } from '@picloud/shared'

const OTHER_SCHEME = /^(?!https?:)[a-z][a-z0-9+.-]*:\/\//i
const URL_PARTS = /^(?:https?:\/\/)?([^/?#]*)([^?#]*)/i

/** Null when it has no host, or one that is none. */
export function readExplainedUrl(
  url: string,
): { readonly host: string; readonly path: string } | null {
  const written = url.trim()
  if (!written.isWellFormed() || OTHER_SCHEME.test(written)) return null
  const [, authority = '', path = ''] = URL_PARTS.exec(written) ?? []
  const host = normalizeHost(authority)
  if (host === null) return null
  return { host, path: path === '' ? '/' : path.replaceAll(/[^!-~]+/g, encodeURIComponent) }
}
