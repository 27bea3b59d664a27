/**
 * Ed25519 signatures (RFC 8032). Keys are PEM texts (PKCS #8 and SPKI, RFC 8410), or the 32 bytes
 * that other systems hand around.
 *
 * @module
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { type CallContext, makeMap, type RhaiBlob, type RhaiMap } from '@picloud/rhai'
import { chargeUnits } from '../charge.ts'
import { refusal } from '../refusal.ts'
import { blobOf, bytesAtMost, bytesOf } from './bytes.ts'
import { type KeyUse, pemKey } from './pem-key.ts'

const KEY_BYTES = 32
const SIGNATURE_BYTES = 64
/** A PEM text of such a key has some 120. */
const PEM_UNITS_MAX = 4096
/** What stands before the bytes of a key in DER. */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
/** A tenth of a millisecond, reading the key included; a verification takes the double. */
const OPERATIONS = 4_000

/** @returns `#{ public_key, private_key }`, PEM texts */
export function newKeyPair(context: CallContext): RhaiMap {
  context.charge(OPERATIONS)
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return makeMap([
    ['public_key', String(publicKey.export({ type: 'spki', format: 'pem' }))],
    ['private_key', String(privateKey.export({ type: 'pkcs8', format: 'pem' }))],
  ])
}

/** @throws RhaiError `PIC_KEY_INVALID` */
export function signed(
  context: CallContext,
  key: string | RhaiBlob,
  data: string | RhaiBlob,
): RhaiBlob {
  // The data is walked over twice: the nonce depends on it.
  chargeUnits(context, bytesAtMost(data), 2)
  context.charge(OPERATIONS)
  return blobOf(context, sign(null, bytesOf(data), privateKeyOf(key)))
}

/** @throws RhaiError `PIC_KEY_INVALID` */
export function isSigned(
  context: CallContext,
  key: string | RhaiBlob,
  data: string | RhaiBlob,
  signature: RhaiBlob,
): boolean {
  chargeUnits(context, bytesAtMost(data))
  context.charge(2 * OPERATIONS)
  const publicKey = publicKeyOf(key)
  if (signature.bytes.byteLength !== SIGNATURE_BYTES) return false
  return verify(null, bytesOf(data), publicKey, signature.bytes)
}

function privateKeyOf(key: string | RhaiBlob): KeyObject {
  return keyOf(key, 'private', PRIVATE_PREFIX, (given) =>
    createPrivateKey({ key: given, format: 'der', type: 'pkcs8' }),
  )
}

function publicKeyOf(key: string | RhaiBlob): KeyObject {
  return keyOf(key, 'public', PUBLIC_PREFIX, (given) =>
    createPublicKey({ key: given, format: 'der', type: 'spki' }),
  )
}

function keyOf(
  key: string | RhaiBlob,
  kind: KeyUse,
  prefix: Buffer,
  read: (given: Buffer) => KeyObject,
): KeyObject {
  try {
    const object =
      typeof key === 'string'
        ? pemKeyOf(key, kind)
        : key.bytes.byteLength === KEY_BYTES && read(Buffer.concat([prefix, key.bytes]))
    if (object && object.asymmetricKeyType === 'ed25519') return object
  } catch {
    // As for everything else that is no key.
  }
  throw invalid(kind)
}

function pemKeyOf(text: string, kind: KeyUse): KeyObject | null {
  return text.length <= PEM_UNITS_MAX ? pemKey(text, kind, 'ed25519') : null
}

function invalid(kind: string) {
  const message = `The key is no ${kind} Ed25519 key, as a PEM text or a blob of ${KEY_BYTES} bytes`
  return refusal('PIC_KEY_INVALID', message)
}
