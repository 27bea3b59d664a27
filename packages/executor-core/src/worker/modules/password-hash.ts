/**
 * Passwords as argon2id hashes (RFC 9106) in PHC form, computed where the script runs.
 *
 * The parameters are the first choice of the OWASP password storage cheat sheet: 19 MiB of memory,
 * two passes, one lane. They stand in the hash; others are checked too, as far as they are bounded.
 *
 * @module
 */
import { argon2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { CallContext } from '@picloud/rhai'
import { refusal } from '../refusal.ts'

const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const SALT_BYTES = 16
const TAG_BYTES = 32
const MEMORY_KIB_MAX = 65_536
const PASSES_MAX = 10
const LANES_MAX = 4
/** Longer ones are no passwords, and hashing the text itself would be the work. */
const PASSWORD_UNITS_MAX = 1024
/** One pass over one KiB is about a microsecond. */
const OPERATIONS_PER_KIB_AND_PASS = 25
const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

interface Hash {
  readonly memory: number
  readonly passes: number
  readonly lanes: number
  readonly salt: Uint8Array
  readonly tag: Uint8Array
}

/** @throws RhaiError `PIC_PASSWORD_TOO_LONG` */
export function hashPassword(context: CallContext, password: string): string {
  const salt = randomBytes(SALT_BYTES)
  const hash = {
    memory: MEMORY_KIB,
    passes: PASSES,
    lanes: LANES,
    salt,
    tag: Buffer.alloc(TAG_BYTES),
  }
  const tag = derive(context, password, hash)
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${unpadded(salt)}$${unpadded(tag)}`
}

/** @throws RhaiError `PIC_PASSWORD_TOO_LONG`, `PIC_PASSWORD_HASH_INVALID` */
export function matchesPassword(context: CallContext, password: string, stored: string): boolean {
  const hash = parse(stored)
  return timingSafeEqual(derive(context, password, hash), hash.tag)
}

function derive(context: CallContext, password: string, hash: Hash): Buffer {
  const { memory, passes, lanes, salt, tag } = hash
  if (password.length > PASSWORD_UNITS_MAX) {
    const message = `A password has at most ${PASSWORD_UNITS_MAX} characters`
    throw refusal('PIC_PASSWORD_TOO_LONG', message)
  }
  context.charge(memory * passes * OPERATIONS_PER_KIB_AND_PASS)
  return argon2Sync('argon2id', {
    // One password typed on two keyboards may come in two Unicode forms.
    message: Buffer.from(password.normalize('NFKC'), 'utf8'),
    nonce: salt,
    memory,
    passes,
    parallelism: lanes,
    tagLength: tag.byteLength,
  })
}

function parse(text: string): Hash {
  const [, memory, passes, lanes, salt = '', tag = ''] = PHC.exec(text) ?? []
  const hash = {
    memory: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
  const isBounded =
    hash.lanes >= 1 &&
    hash.lanes <= LANES_MAX &&
    hash.passes >= 1 &&
    hash.passes <= PASSES_MAX &&
    hash.memory >= 8 * hash.lanes &&
    hash.memory <= MEMORY_KIB_MAX
  if (isBounded) return hash
  const message = 'The text is no argon2id hash, or one that takes too much to check'
  throw refusal('PIC_PASSWORD_HASH_INVALID', message)
}

/** PHC strings have no padding. */
function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
