/**
 * What compiling a text costs that a script brings while it runs.
 *
 * @module
 */

import type { CallContext } from '../runtime/call-context.ts'

const COMPILATION = 250
const OPERATIONS_PER_UNIT = 12

/** Text is read, made into JavaScript, and that is read again. */
export function chargeCompilation(context: CallContext, source: string): void {
  context.charge(COMPILATION + source.length * OPERATIONS_PER_UNIT)
}
