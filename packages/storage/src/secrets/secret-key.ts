/**
 * One key that seals secrets, and the text it is written as.
 *
 * A key is 32 random bytes, written in base64. Its id is made of it, so that whoever has a key knows
 * which secrets it opens, and no two keys can be taken for one another. The id tells nothing of it.
 *
 * @module
 */
import { createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'

export interface SecretKey {
  readonly id: string
  /** Not shown by whatever prints objects. */
  readonly secret: KeyObject
}

const KEY_BYTES = 32
const ID_DIGITS = 12
/** 32 bytes in base64 or base64url: the last of the 43 characters holds four bits. */
const KEY_TEXT = /^[A-Za-z0-9+/_-]{42}[AEIMQUYcgkosw048]=?$/

export function makeSecretKey(): { readonly key: SecretKey; readonly text: string } {
  const bytes = randomBytes(KEY_BYTES)
  return { key: keyOf(bytes), text: bytes.toString('base64') }
}

/** Null for what is no key. */
export function parseSecretKey(text: string): SecretKey | null {
  return KEY_TEXT.test(text) ? keyOf(Buffer.from(text, 'base64')) : null
}

export function secretKeyText({ secret }: SecretKey): string {
  return secret.export().toString('base64')
}

function keyOf(bytes: Buffer): SecretKey {
  const id = createHash('sha256').update('picloud secret key ').update(bytes).digest('hex')
  return { id: id.slice(0, ID_DIGITS), secret: createSecretKey(bytes) }
}
