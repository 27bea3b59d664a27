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
import { type KeyKind, type KeyUse, pemKey } from '../pem-key.ts'

/** A secret, a PEM text, or a JSON Web Key (RFC 7517). */
export type Key = string | RhaiBlob | RhaiMap

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
/** As OpenSSL has it of the longest keys: a larger one would make verifying as slow as signing. */
const RSA_EXPONENT_MAX = 2n ** 64n - 1n
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
  const keyOf = (context: CallContext, given: Key, use: KeyUse) => {
    context.charge(RSA_OPERATIONS)
    const key = keyObject(given, use, 'rsa')
    const { modulusLength: bits = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
    const isFit = bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX
    if (!isFit) throw invalidKey(`It is no RSA key of ${RSA_BITS_MIN} to ${RSA_BITS_MAX} bits`)
    if (publicExponent > RSA_EXPONENT_MAX) throw invalidKey('It is an RSA key of a huge exponent')
    return { key, ...padding }
  }
  return asymmetric(digest, keyOf)
}

function elliptic(digest: string, curve: string): Signer {
  return asymmetric(digest, (context, given, use) => {
    context.charge(OPERATIONS)
    const key = keyObject(given, use, 'ec')
    const isFit = key.asymmetricKeyDetails?.namedCurve === curve
    if (!isFit) throw invalidKey(`It is no key on the curve ${curve}`)
    return { key, dsaEncoding: 'ieee-p1363' }
  })
}

function edwards(): Signer {
  return asymmetric(null, (context, given, use) => {
    context.charge(OPERATIONS)
    return { key: keyObject(given, use, 'ed25519') }
  })
}

type KeyWithOptions = Parameters<typeof sign>[2] & { readonly key: KeyObject }

function asymmetric(
  digest: string | null,
  keyOf: (context: CallContext, given: Key, use: KeyUse) => KeyWithOptions,
): Signer {
  return {
    sign: (context, key, input) => {
      chargeUnits(context, input.byteLength)
      const signing = keyOf(context, key, 'private')
      return withKey(() => sign(digest, input, signing))
    },
    verify: (context, key, input, signature) => {
      chargeUnits(context, input.byteLength)
      const verifying = keyOf(context, key, 'public')
      return withKey(() => verify(digest, input, verifying, signature))
    },
  }
}

/** A key that could be read may still be none: numbers that no key has are found when it is used. */
function withKey<T>(work: () => T): T {
  try {
    return work()
  } catch {
    throw invalidKey('It is a key in form only: nothing can be done with its numbers')
  }
}

const KIND: Readonly<Record<KeyKind, { readonly name: string; readonly jwk: string }>> = {
  rsa: { name: 'RSA', jwk: 'RSA' },
  ec: { name: 'elliptic curve', jwk: 'EC' },
  ed25519: { name: 'Ed25519', jwk: 'OKP' },
}

/** A private key to sign with, a public one to verify with. */
function keyObject(given: Key, use: KeyUse, kind: KeyKind): KeyObject {
  try {
    const key = isMap(given) ? jwkKey(given, use, kind) : pemKeyOf(given, use, kind)
    if (key?.asymmetricKeyType === kind) return key
  } catch {
    // As for everything else that is no key.
  }
  const { name } = KIND[kind]
  throw invalidKey(`It is no ${use} ${name} key, as a PEM text or a JSON Web Key`)
}

function pemKeyOf(given: string | RhaiBlob, use: KeyUse, kind: KeyKind): KeyObject | null {
  if (typeof given !== 'string' || given.length > KEY_UNITS_MAX) return null
  return pemKey(given, use, kind)
}

function jwkKey(map: RhaiMap, use: KeyUse, kind: KeyKind): KeyObject | null {
  const key = jwkOf(map)
  if (key.kty !== KIND[kind].jwk) return null
  const make = use === 'private' ? createPrivateKey : createPublicKey
  return make({ key, format: 'jwk' })
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
