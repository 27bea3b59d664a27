/**
 * `crypto::`, on Node's own (OpenSSL).
 *
 *     crypto::sha256(data)                       blob; also sha224, sha384, sha512 (FIPS 180-4)
 *     crypto::hmac_sha256(key, data)             blob; also with the others (RFC 2104)
 *     crypto::equal(a, b)                        bool, in a time that tells nothing
 *     crypto::random_bytes(count)                blob
 *     crypto::hash_password(password)            argon2id, as text
 *     crypto::verify_password(password, hash)    bool
 *     crypto::ed25519_key_pair()                 #{ public_key, private_key }
 *     crypto::ed25519_sign(private_key, data)    blob
 *     crypto::ed25519_verify(public_key, data, signature)
 *
 * Data and keys are strings, of which the UTF-8 counts, or blobs.
 *
 * @module
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import {
  BLOB,
  type CallContext,
  checkBlobSize,
  type HostFunction,
  type HostModule,
  hostFunction,
  INT,
  type RhaiBlob,
  STRING,
} from '@picloud/rhai'
import { chargeUnits } from '../charge.ts'
import { refusal } from '../refusal.ts'
import { blobOf, bytesAtMost, bytesOf } from './bytes.ts'
import { isSigned, newKeyPair, signed } from './ed25519.ts'
import { hashPassword, matchesPassword } from './password-hash.ts'

type Data = string | RhaiBlob

const DIGESTS = ['sha224', 'sha256', 'sha384', 'sha512'] as const
type Digest = (typeof DIGESTS)[number]
/** Making one costs some microseconds before the first byte. */
const OPERATIONS_PER_DIGEST = 100

export const CRYPTO_MODULE: HostModule = {
  functions: {
    ...Object.fromEntries(DIGESTS.map((name) => [name, digestFunctions(name)])),
    ...Object.fromEntries(DIGESTS.map((name) => [`hmac_${name}`, hmacFunctions(name)])),
    equal: ofTwo(isEqual),
    random_bytes: hostFunction([INT], someBytes),
    hash_password: hostFunction([STRING], hashPassword),
    verify_password: hostFunction([STRING, STRING], matchesPassword),
    ed25519_key_pair: hostFunction([], newKeyPair),
    ed25519_sign: ofTwo(signed),
    ed25519_verify: [
      hostFunction([STRING, STRING, BLOB], isSigned),
      hostFunction([STRING, BLOB, BLOB], isSigned),
      hostFunction([BLOB, STRING, BLOB], isSigned),
      hostFunction([BLOB, BLOB, BLOB], isSigned),
    ],
  },
}

/** Each of the two a string or a blob. */
function ofTwo(
  call: (context: CallContext, one: Data, other: Data) => boolean | RhaiBlob,
): readonly HostFunction[] {
  return [
    hostFunction([STRING, STRING], call),
    hostFunction([STRING, BLOB], call),
    hostFunction([BLOB, STRING], call),
    hostFunction([BLOB, BLOB], call),
  ]
}

function digestFunctions(name: Digest): readonly HostFunction[] {
  const call = (context: CallContext, data: Data) => {
    context.charge(OPERATIONS_PER_DIGEST)
    chargeUnits(context, bytesAtMost(data))
    return blobOf(context, createHash(name).update(bytesOf(data)).digest())
  }
  return [hostFunction([STRING], call), hostFunction([BLOB], call)]
}

function hmacFunctions(name: Digest): readonly HostFunction[] {
  return ofTwo((context, key, data) => {
    context.charge(2 * OPERATIONS_PER_DIGEST)
    chargeUnits(context, bytesAtMost(key) + bytesAtMost(data))
    return blobOf(context, createHmac(name, bytesOf(key)).update(bytesOf(data)).digest())
  })
}

/** Digests under a key nobody knows are compared: their length is always the same. */
function isEqual(context: CallContext, one: Data, other: Data): boolean {
  context.charge(4 * OPERATIONS_PER_DIGEST)
  chargeUnits(context, bytesAtMost(one) + bytesAtMost(other))
  const key = randomBytes(32)
  const digestOf = (data: Data) => createHmac('sha256', key).update(bytesOf(data)).digest()
  return timingSafeEqual(digestOf(one), digestOf(other))
}

function someBytes(context: CallContext, count: number | bigint): RhaiBlob {
  if (count < 0) throw refusal('PIC_RANDOM_INVALID', `There are no ${count} random bytes`)
  checkBlobSize(context, Number(count))
  context.charge(OPERATIONS_PER_DIGEST)
  chargeUnits(context, Number(count))
  return blobOf(context, randomBytes(Number(count)))
}
