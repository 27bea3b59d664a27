/**
 * Arguments that must be strings: names and script text.
 *
 * @module
 */

import { mismatchedType } from '../runtime/raise.ts'
import { untagged, type Value } from '../runtime/value.ts'
import { located, type PackedPosition } from './error/failure.ts'

/** The string, or the error of a value that is none. */
export function expectString(value: Value, at: PackedPosition): string {
  const text = untagged(value)
  if (typeof text === 'string') return text
  throw located(mismatchedType('string', value), at)
}
