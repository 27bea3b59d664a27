/**
 * The key by which a client marks requests that are one and the same, sent again.
 *
 * The header's value is a string in quotes (RFC 9651 section 3.3.3), or the same without them, as
 * most clients write it. What is safe to repeat anyway needs no key and is not asked for one.
 *
 * @module
 */
import type { RouteIdempotency } from '@picloud/shared'
import { IdempotencyKeyInvalidError, IdempotencyKeyMissingError } from '../../errors.ts'
import type { Exchange } from '../exchange.ts'

/** RFC 9110 section 9.2.1. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])
/** Visible ASCII: no spaces, so that a header given twice is no key. */
const KEY = /^[!-~]{1,255}$/

/**
 * Null: the request runs as it would without the switch.
 *
 * @throws {@link IdempotencyKeyMissingError} {@link IdempotencyKeyInvalidError}
 */
export function idempotencyKeyOf(
  { method, head }: Pick<Exchange, 'method' | 'head'>,
  { header, required }: RouteIdempotency,
): string | null {
  if (SAFE_METHODS.has(method)) return null
  const value = head.headers[header.toLowerCase()]
  if (value === undefined) {
    if (required) throw new IdempotencyKeyMissingError(header)
    return null
  }
  const key = /^"([^"\\]*)"$/.exec(value)?.[1] ?? value
  if (!KEY.test(key)) throw new IdempotencyKeyInvalidError(header)
  return key
}
