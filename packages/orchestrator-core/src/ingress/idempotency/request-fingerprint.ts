/**
 * What a request asks for, as a hash: two requests with one key must be equal in it.
 *
 * Who asks is part of it as far as `Authorization` says: a key that was guessed or leaked shows
 * nobody the answer of somebody else. Cookies are not, since they change between two attempts.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import type { RequestParts } from '../script-request.ts'

export function fingerprintOf(parts: RequestParts, body: Uint8Array): Buffer {
  const { exchange, target, host } = parts
  const { headers } = exchange.head
  const hash = createHash('sha256')
  const { authorization = null, 'content-type': type = null } = headers
  hash.update(
    JSON.stringify([exchange.method, host, target.path, target.query, type, authorization]),
  )
  hash.update(body)
  return hash.digest()
}

export function hashOfKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
