/**
 * Keys as PEM texts (RFC 7468), read as what they have to be and as nothing else.
 *
 * OpenSSL tries on a text whatever it knows, and of some kinds it computes the public part while it
 * reads: a DSA key of large numbers takes it many seconds, in which a sandbox does nothing else. So
 * it is handed the bytes of one key, which name the kind of key that is wanted.
 *
 * @module
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

export type KeyKind = 'rsa' | 'ec' | 'ed25519'
export type KeyUse = 'private' | 'public'

/** Object identifiers as they stand in a key (RFC 8017, RFC 5480, RFC 8410). */
const ALGORITHM: Readonly<Record<KeyKind, string>> = {
  rsa: '2a864886f70d010101',
  ec: '2a8648ce3d0201',
  ed25519: '2b6570',
}

const INTEGER = 0x02
const OCTET_STRING = 0x04
const OBJECT_IDENTIFIER = 0x06
const SEQUENCE = 0x30
/** A key is shorter than 64 KiB. */
const LENGTH_BYTES_MAX = 2

interface Form {
  readonly use: KeyUse
  readonly type: 'pkcs8' | 'spki' | 'pkcs1' | 'sec1'
  /** Null: the key says so itself, in the sequence behind these. */
  readonly kind: KeyKind | null
  /** What it begins with. */
  readonly tags: readonly number[]
}

const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['PRIVATE KEY', { use: 'private', type: 'pkcs8', kind: null, tags: [INTEGER, SEQUENCE] }],
  ['PUBLIC KEY', { use: 'public', type: 'spki', kind: null, tags: [SEQUENCE] }],
  ['RSA PRIVATE KEY', { use: 'private', type: 'pkcs1', kind: 'rsa', tags: [INTEGER, INTEGER] }],
  ['RSA PUBLIC KEY', { use: 'public', type: 'pkcs1', kind: 'rsa', tags: [INTEGER, INTEGER] }],
  ['EC PRIVATE KEY', { use: 'private', type: 'sec1', kind: 'ec', tags: [INTEGER, OCTET_STRING] }],
])

const BLOCK =
  /-----BEGIN ((?:[A-Z]+ )?(?:PRIVATE|PUBLIC) KEY)-----([A-Za-z0-9+/=\s]+)-----END \1-----/

/**
 * The first key in a text; null when it is no such key.
 *
 * @throws the errors of OpenSSL for what only looks like one
 */
export function pemKey(text: string, use: KeyUse, kind: KeyKind): KeyObject | null {
  const [, label = '', body = ''] = BLOCK.exec(text) ?? []
  const form = FORMS.get(label)
  if (form?.use !== use) return null
  const key = Buffer.from(body, 'base64')
  if (!begins(key, form, kind)) return null
  const { type } = form
  if (use === 'public') {
    return type === 'spki' || type === 'pkcs1'
      ? createPublicKey({ key, format: 'der', type })
      : null
  }
  return type === 'spki' ? null : createPrivateKey({ key, format: 'der', type })
}

/** Whether the bytes are of that form, and a key of that kind. */
function begins(key: Buffer, { tags, kind: known }: Form, kind: KeyKind): boolean {
  let at = elementAt(key, 0, SEQUENCE)?.from ?? key.length
  let last: Content | null = null
  for (const tag of tags) {
    last = elementAt(key, at, tag)
    if (last === null) return false
    at = last.to
  }
  if (known !== null) return known === kind
  const name = last === null ? null : elementAt(key, last.from, OBJECT_IDENTIFIER)
  return name !== null && key.toString('hex', name.from, name.to) === ALGORITHM[kind]
}

interface Content {
  readonly from: number
  readonly to: number
}

/** The content of an element in DER; null when none with that tag is there as a whole. */
function elementAt(key: Buffer, at: number, tag: number): Content | null {
  const first = key[at + 1]
  if (key[at] !== tag || first === undefined) return null
  const lengthBytes = first < 0x80 ? 0 : first - 0x80
  const from = at + 2 + lengthBytes
  if (first === 0x80 || lengthBytes > LENGTH_BYTES_MAX || from > key.length) return null
  const length = lengthBytes === 0 ? first : key.readUIntBE(at + 2, lengthBytes)
  return from + length <= key.length ? { from, to: from + length } : null
}
