/**
 * What can be wrong with an answer. The program that uses the client makes its own error of it.
 *
 * @module
 */
import type { Problem } from '@picloud/shared'

export type Failure =
  /** PiCloud refused, in its own words (RFC 9457). */
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** The answer is not of PiCloud's API: a proxy's page, another program. */
  | { readonly kind: 'foreign'; readonly status: number; readonly contentType: string | null }
  /** PiCloud's API in a form this client does not know: the versions differ. */
  | { readonly kind: 'form'; readonly operation: string; readonly missing: readonly string[] }

/** Reads a problem document; null when it is something else. */
export function problemIn(body: unknown): Problem | null {
  if (!isObject(body)) return null
  const { type, title, status, detail, code, request_id: requestId, errors = [] } = body
  const texts = [type, title, detail, code, requestId]
  const isProblem =
    texts.every((text) => typeof text === 'string') &&
    Number.isInteger(status) &&
    Array.isArray(errors) &&
    errors.every(isFieldError)
  return isProblem ? (body as unknown as Problem) : null
}

function isFieldError(value: unknown): boolean {
  return isObject(value) && typeof value.pointer === 'string' && typeof value.message === 'string'
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
