/**
 * What an assignment writes.
 *
 * @module
 */

import type { BodyContext } from '../body-context.ts'
import { type CompoundOperator, compoundOperation } from '../expression/arithmetic.ts'
import type { Operand } from '../expression/inline-numbers.ts'
import type { Expression } from '../javascript/javascript.ts'

/** `target = value`, or `target op= value` when there is an operator. */
export interface Write {
  readonly operator: CompoundOperator | undefined
  readonly value: Operand
  /** Of the operator. */
  readonly at: Expression
}

/** The new value of a target that holds `current`. */
export function written(body: BodyContext, write: Write, current: () => Expression): Expression {
  if (write.operator === undefined) return write.value.value
  const target: Operand = { value: current(), type: 'unknown' }
  return compoundOperation(body, write.operator, target, write.value, write.at)
}
