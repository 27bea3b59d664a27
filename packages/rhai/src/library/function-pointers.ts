/**
 * Functions on function pointers. Calling and currying them is the engine's business.
 *
 * @module
 */
import { FN, type NativeFunction, property } from '../runtime/native-function.ts'

export const functionPointerFunctions: readonly NativeFunction[] = [
  property('name', [FN], (_context, { name }) => name),
  property('is_anonymous', [FN], (_context, { isAnonymous }) => isAnonymous),
]
