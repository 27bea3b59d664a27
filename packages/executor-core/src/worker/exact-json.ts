/**
 * JSON texts as values of a script, with all digits of an INT: JavaScript's own reading would round
 * whole numbers beyond 2^53.
 *
 * @module
 */
import { fromJson, type Value } from '@picloud/rhai'

const INT_MIN = -(2n ** 63n)
const INT_MAX = 2n ** 63n - 1n
const WHOLE = /^-?\d{16,19}$/

/** @throws SyntaxError when it is no JSON, RhaiError when it nests too deep */
export function valueOfJson(text: string): Value {
  return fromJson(JSON.parse(text, exactly))
}

/** A number as it was written, where its value alone does not tell. */
function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const { source = '' } = context ?? {}
  if (!WHOLE.test(source)) return value
  const int = BigInt(source)
  return int >= INT_MIN && int <= INT_MAX ? int : value
}
