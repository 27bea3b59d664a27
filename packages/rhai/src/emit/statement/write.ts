/**
 * What an assignment writes.
 *
 * @module
 */

import type { BodyContext } from '../body-context.ts'
import { type CompoundOperator, compoundOperation } from '../expression/arithmetic.ts'
import type { Operand } from '../expression/operand.ts'
import type { Expression } from '../javascript/javascript.ts'

/** `target = value`, or `target op= value` when there is an operator. */
export interface Write {
  readonly operator: CompoundOperator | undefined
  readonly value: Operand
  /** Of the operator. */
  readonly at: Expression
}

/** The new value of a target that holds `current`. */
export function written(
  body: BodyContext,
  write: Write,
  current: () => Expression,
  type: Operand['type'] = 'unknown',
): Operand {
  if (write.operator === undefined) return write.value
  const target: Operand = { value: current(), type }
  return compoundOperation(body, write.operator, target, write.value, write.at)
}
