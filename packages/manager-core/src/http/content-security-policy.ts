/**
 * The Content-Security-Policy of the dashboard.
 *
 * Scripts come from our own files, or stand in a page whose bytes we know: the start page of a
 * static build holds one small inline script, allowed by its hash (CSP level 3, section 8.3).
 * Nothing is evaluated from text, nothing is framed, nothing is fetched from elsewhere. Styles may
 * be inline, as the editor and transitions set them from script.
 *
 * @module
 */
import { createHash } from 'node:crypto'

const INLINE_SCRIPT = /<script(?<attributes>[^>]*)>(?<text>[\s\S]*?)<\/script\s*>/gi

export function contentSecurityPolicy(pages: readonly string[]): string {
  const scripts = ["'self'", ...new Set(pages.flatMap(inlineScriptHashes))]
  return [
    "default-src 'none'",
    `script-src ${scripts.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function inlineScriptHashes(page: string): readonly string[] {
  return [...page.matchAll(INLINE_SCRIPT)]
    .filter((match) => !/\ssrc\s*=/i.test(match.groups?.attributes ?? ''))
    .map((match) =>
      createHash('sha256')
        .update(match.groups?.text ?? '', 'utf8')
        .digest('base64'),
    )
    .map((hash) => `'sha256-${hash}'`)
}
