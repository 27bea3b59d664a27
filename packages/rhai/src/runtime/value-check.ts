/**
 * Whether something from outside is a value of the language.
 *
 * Everything a host gives to a script passes here once. What containers hold is not walked again:
 * it was checked as the container was made, see `host-values.ts`.
 *
 * @module
 */
import {
  FunctionPointer,
  type PlainValue,
  RhaiArray,
  RhaiBlob,
  RhaiByte,
  RhaiChar,
  RhaiFloat,
  RhaiIterator,
  RhaiMap,
  RhaiRange,
  Timestamp,
} from './value.ts'

const CLASSES = [
  RhaiFloat,
  RhaiMap,
  RhaiArray,
  RhaiBlob,
  RhaiChar,
  RhaiByte,
  RhaiRange,
  FunctionPointer,
  Timestamp,
  RhaiIterator,
] as const

/** Whether `data` is a value as `value.ts` promises it. */
function isValue(data: unknown): data is PlainValue {
  switch (typeof data) {
    case 'undefined':
    case 'boolean':
      return true
    case 'number':
      return Number.isSafeInteger(data) && !Object.is(data, -0)
    case 'bigint':
      return BigInt.asIntN(64, data) === data && !Number.isSafeInteger(Number(data))
    case 'string':
      return data.isWellFormed()
    case 'object':
      return CLASSES.some((each) => data instanceof each)
    default:
      return false
  }
}

/** The value itself. @throws TypeError when it is none; `what` is what the message calls it. */
export function checkedValue(data: unknown, what: string): PlainValue {
  if (isValue(data)) return data
  throw new TypeError(`${what} is no value of the language: ${describe(data)}`)
}

function describe(data: unknown): string {
  if (data === null) return 'null'
  return typeof data === 'object' ? 'an object' : `${typeof data} ${String(data)}`
}
