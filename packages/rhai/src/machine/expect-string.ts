/**
 * Arguments that must be strings: names and script text.
 *
 * @module
 */

import { typeNameOfKind } from '../runtime/kind.ts'
import { mismatchedType } from '../runtime/raise.ts'
import { kindOf, type Value } from '../runtime/value.ts'
import { located, type PackedPosition } from './error/failure.ts'

/** The string, or the error of a value that is none. */
export function expectString(value: Value, at: PackedPosition): string {
  if (typeof value === 'string') return value
  throw located(mismatchedType('string', typeNameOfKind(kindOf(value))), at)
}
