/**
 * The texts a client proves itself with, and what is kept of them.
 *
 * A token is 256 random bits, so a plain SHA-256 is enough to keep it by: there is nothing to guess
 * that a slow hash would protect. The prefix lets secret scanners and people recognise it.
 * Knows nothing of HTTP beyond the form of one header, and nothing of the database.
 *
 * @module
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const SECRET_BYTES = 32
const TOKEN = /^pic_[A-Za-z0-9_-]{43}$/
const SESSION_TOKEN = /^pic_session_[A-Za-z0-9_-]{43}$/
/** RFC 6750 section 2.1, with RFC 9110's case-insensitive scheme. */
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i

export function makeAccessToken(): string {
  return `pic_${secret()}`
}

/** The one-time token of the set-up link; never mistaken for an access token. */
export function makeSetupToken(): string {
  return `pic_setup_${secret()}`
}

/** What a session's cookie holds; never mistaken for an access token. */
export function makeSessionToken(): string {
  return `pic_session_${secret()}`
}

export function isSessionToken(text: string): boolean {
  return SESSION_TOKEN.test(text)
}

/** Whether a text has the form of a token made here; anything else is not worth a look-up. */
export function isAccessToken(text: string): boolean {
  return TOKEN.test(text)
}

export function hashSecret(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}

/** Compares two hashes in a time that tells nothing of where they differ. */
export function hashesEqual(a: Buffer, b: Buffer): boolean {
  return timingSafeEqual(a, b)
}

/** The token of an Authorization header; null when the header is not one Bearer token. */
export function bearerTokenOf(header: string): string | null {
  return BEARER.exec(header)?.[1] ?? null
}

function secret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}
