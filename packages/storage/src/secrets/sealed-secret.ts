/**
 * A secret as the database keeps it: AES-256-GCM (NIST SP 800-38D) under a random nonce.
 *
 * App and name are authenticated with it, so that nobody who can write to the table can have one
 * app read what another has stored, or have one secret stand for another.
 *
 * @module
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { AppId } from '@picloud/shared'
import { SecretDamagedError } from '../errors.ts'
import type { SecretKey } from './secret-key.ts'

export interface SecretPlace {
  readonly appId: AppId
  readonly name: string
}

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Nonce, ciphertext and tag. */
export function sealSecret(key: SecretKey, place: SecretPlace, value: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key.secret, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(placeBytes(place))
  return Buffer.concat([nonce, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/** @throws SecretDamagedError for what was not sealed by this key for this place */
export function openSecret(key: SecretKey, place: SecretPlace, sealed: Uint8Array): string {
  try {
    const nonce = sealed.subarray(0, NONCE_BYTES)
    const cipher = createDecipheriv(CIPHER, key.secret, nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(placeBytes(place))
    cipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
    const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)
    return Buffer.concat([cipher.update(body), cipher.final()]).toString('utf8')
  } catch (cause) {
    throw new SecretDamagedError(place.name, cause)
  }
}

/** Ids have one length, so no two places have the same bytes. */
function placeBytes({ appId, name }: SecretPlace): Buffer {
  return Buffer.from(`picloud secret 1\0${appId}\0${name}`, 'utf8')
}
