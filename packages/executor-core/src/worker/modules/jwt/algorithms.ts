/**
 * The algorithms of RFC 7518 section 3 and RFC 8037, and the keys each takes.
 *
 * A key fits one kind of algorithm and no other: a public key is never taken for a secret, whatever
 * the token says. There is no `none`.
 *
 * @module
 */
import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'
import {
  type CallContext,
  isMap,
  mapEntries,
  mapSize,
  type RhaiBlob,
  type RhaiMap,
} from '@picloud/rhai'
import { chargeUnits } from '../../charge.ts'
import { refusal } from '../../refusal.ts'
import { bytesAtMost, bytesOf } from '../bytes.ts'

/** A secret, a PEM text, or a JSON Web Key (RFC 7517). */
export type Key = string | RhaiBlob | RhaiMap

type Use = 'sign' | 'verify'

interface Signer {
  sign(context: CallContext, key: Key, input: Buffer): Buffer
  verify(context: CallContext, key: Key, input: Buffer, signature: Buffer): boolean
}

/** Without RSA a key is read and used in some tenths of a millisecond. */
const OPERATIONS = 8_000
const RSA_BITS_MIN = 2048
const RSA_BITS_MAX = 4096
/** Of a signature with the longest key; a verification can take as long where the exponent is large. */
const RSA_OPERATIONS = 200_000
const KEY_UNITS_MAX = 16_384
/** A private RSA key has some ten, and what a provider adds. */
const KEY_MEMBERS_MAX = 64

export const ALGORITHMS: ReadonlyMap<string, Signer> = new Map([
  ['HS256', secret('sha256', 32)],
  ['HS384', secret('sha384', 48)],
  ['HS512', secret('sha512', 64)],
  ['RS256', rsa('sha256')],
  ['RS384', rsa('sha384')],
  ['RS512', rsa('sha512')],
  ['PS256', rsa('sha256', 32)],
  ['PS384', rsa('sha384', 48)],
  ['PS512', rsa('sha512', 64)],
  ['ES256', elliptic('sha256', 'prime256v1')],
  ['ES384', elliptic('sha384', 'secp384r1')],
  ['ES512', elliptic('sha512', 'secp521r1')],
  ['EdDSA', edwards()],
])

function secret(digest: string, bytesMin: number): Signer {
  const hmac = (context: CallContext, key: Key, input: Buffer) => {
    if (isMap(key)) throw invalidKey('A secret is a string or a blob')
    chargeUnits(context, bytesAtMost(key) + input.byteLength)
    const bytes = Buffer.from(bytesOf(key))
    if (bytes.includes('-----BEGIN')) throw invalidKey('A PEM text is no secret')
    if (bytes.byteLength < bytesMin) {
      throw invalidKey(`The secret has ${bytes.byteLength} bytes, it needs ${bytesMin}`)
    }
    return createHmac(digest, bytes).update(input).digest()
  }
  return {
    sign: hmac,
    verify: (context, key, input, signature) => {
      const expected = hmac(context, key, input)
      return expected.byteLength === signature.byteLength && timingSafeEqual(expected, signature)
    },
  }
}

function rsa(digest: string, saltLength?: number): Signer {
  const padding =
    saltLength === undefined
      ? { padding: constants.RSA_PKCS1_PADDING }
      : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }
  const keyOf = (context: CallContext, given: Key, use: Use) => {
    context.charge(RSA_OPERATIONS)
    const key = keyObject(given, use)
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    const isFit = key.asymmetricKeyType === 'rsa' && bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX
    if (!isFit) throw invalidKey(`It is no RSA key of ${RSA_BITS_MIN} to ${RSA_BITS_MAX} bits`)
    return { key, ...padding }
  }
  return asymmetric(digest, keyOf)
}

function elliptic(digest: string, curve: string): Signer {
  return asymmetric(digest, (context, given, use) => {
    context.charge(OPERATIONS)
    const key = keyObject(given, use)
    const isFit = key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === curve
    if (!isFit) throw invalidKey(`It is no key on the curve ${curve}`)
    return { key, dsaEncoding: 'ieee-p1363' }
  })
}

function edwards(): Signer {
  return asymmetric(null, (context, given, use) => {
    context.charge(OPERATIONS)
    const key = keyObject(given, use)
    if (key.asymmetricKeyType !== 'ed25519') throw invalidKey('It is no Ed25519 key')
    return { key }
  })
}

type KeyWithOptions = Parameters<typeof sign>[2] & { readonly key: KeyObject }

function asymmetric(
  digest: string | null,
  keyOf: (context: CallContext, given: Key, use: Use) => KeyWithOptions,
): Signer {
  return {
    sign: (context, key, input) => {
      chargeUnits(context, input.byteLength)
      return sign(digest, input, keyOf(context, key, 'sign'))
    },
    verify: (context, key, input, signature) => {
      chargeUnits(context, input.byteLength)
      return verify(digest, input, keyOf(context, key, 'verify'), signature)
    },
  }
}

/** A private key to sign with, a public one to verify with. */
function keyObject(given: Key, use: Use): KeyObject {
  const wanted = use === 'sign' ? 'private' : 'public'
  const make = use === 'sign' ? createPrivateKey : createPublicKey
  try {
    if (isMap(given)) return make({ key: jwkOf(given), format: 'jwk' })
    const isPem =
      typeof given === 'string' &&
      given.length <= KEY_UNITS_MAX &&
      new RegExp(`-----BEGIN (?:[A-Z]+ )?${wanted.toUpperCase()} KEY-----`).test(given)
    if (isPem) return make(given)
  } catch {
    // As for everything else that is no key.
  }
  throw invalidKey(`It is no ${wanted} key, as a PEM text or a JSON Web Key`)
}

/** The members of a key are texts; whatever else a provider adds is left out. */
function jwkOf(map: RhaiMap): Record<string, string> {
  if (mapSize(map) > KEY_MEMBERS_MAX) throw new RangeError('a key of too many members')
  const jwk: Record<string, string> = Object.create(null)
  let units = 0
  for (const [name, value] of mapEntries(map)) {
    if (typeof value !== 'string') continue
    units += name.length + value.length
    jwk[name] = value
  }
  if (units > KEY_UNITS_MAX) throw new RangeError('a key that is too long')
  return jwk
}

function invalidKey(message: string) {
  return refusal('PIC_KEY_INVALID', message)
}
