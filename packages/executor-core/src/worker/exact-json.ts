/**
 * JSON texts as values of a script, nothing lost: an INT keeps all its digits, where JavaScript's own
 * reading rounds beyond 2^53, and a number written with a point or an exponent is a FLOAT.
 *
 * Whole numbers that no INT holds become FLOAT. Of members with one name the last counts.
 *
 * @module
 */
import {
  type CallContext,
  checkArraySize,
  checkMapSize,
  checkStringSize,
  makeArray,
  makeMap,
  RhaiFloat,
  type Value,
} from '@picloud/rhai'

const INT_MIN = -(2n ** 63n)
const INT_MAX = 2n ** 63n - 1n
/** Longer ones need no look: they are no INT. */
const INT_UNITS_MAX = 20
const WHOLE = /^-?\d+$/
/** The worst text, of numbers alone, takes half a microsecond for each of its characters. */
const OPERATIONS_PER_UNIT = 16
/** Far beyond what documents need, and far from the end of JavaScript's stack. */
const DEPTH_MAX = 100

/**
 * @throws SyntaxError when it is no JSON, or nests deeper than {@link DEPTH_MAX}
 * @throws RhaiError when a part is larger than the script may have, or the operations are used up
 */
export function valueOfJson(context: CallContext, text: string): Value {
  context.charge(text.length * OPERATIONS_PER_UNIT)
  checkDepth(text)
  const made = JSON.parse(text, (_key, value: unknown, at?: { readonly source?: string }) =>
    // A member that is undefined would be left out, so `()` has to wait for the one that holds it.
    value === null ? null : rhaiValueOf(context, value, at?.source ?? ''),
  )
  return orUnit(made)
}

/** What it holds has been made before it. */
function rhaiValueOf(context: CallContext, value: unknown, source: string): Value {
  switch (typeof value) {
    case 'boolean':
      return value
    case 'number':
      return numberOf(value, source)
    case 'string':
      checkStringSize(context, value.length)
      return value.toWellFormed()
    default:
      return containerOf(context, value as object)
  }
}

function containerOf(context: CallContext, made: object): Value {
  if (Array.isArray(made)) {
    checkArraySize(context, made.length)
    return makeArray(made.map(orUnit))
  }
  const entries = Object.entries(made)
  checkMapSize(context, entries.length)
  return makeMap(entries.map(([key, value]) => [key, orUnit(value)]))
}

function numberOf(value: number, source: string): Value {
  if (source.length > INT_UNITS_MAX || !WHOLE.test(source)) return new RhaiFloat(value)
  const int = BigInt(source)
  if (int < INT_MIN || int > INT_MAX) return new RhaiFloat(value)
  return Number.isSafeInteger(value) ? Number(int) : int
}

function orUnit(made: Value | null): Value {
  return made === null ? undefined : made
}

/** Brackets in strings do not count. */
function checkDepth(text: string): void {
  let depth = 0
  let isInString = false
  for (let i = 0; i < text.length; i += 1) {
    const unit = text[i]
    if (isInString) {
      if (unit === '\\') i += 1
      else if (unit === '"') isInString = false
    } else if (unit === '"') isInString = true
    else if (unit === '[' || unit === '{') depth += 1
    else if (unit === ']' || unit === '}') depth -= 1
    if (depth > DEPTH_MAX) throw new SyntaxError(`JSON nested deeper than ${DEPTH_MAX} levels`)
  }
}
