/**
 * What an assignment writes.
 *
 * @module
 */

import type { BodyContext } from '../body-context.ts'
import { type CompoundOperator, compoundOperation } from '../expression/arithmetic.ts'
import { type Apart, double, type Operand } from '../expression/operand.ts'
import {
  assign,
  binary,
  type Expression,
  evaluate,
  ifElse,
  member,
  type Statement,
} from '../javascript/javascript.ts'

/** `target = value`, or `target op= value` when there is an operator. */
export interface Write {
  readonly operator: CompoundOperator | undefined
  readonly value: Operand
  /** Of the operator. */
  readonly at: Expression
}

/** The new value of a target that holds `current`. */
export function written(body: BodyContext, write: Write, current: () => Operand): Operand {
  if (write.operator === undefined) return write.value
  return compoundOperation(body, write.operator, current(), write.value, write.at)
}

/** Gives a variable that is split in two a value. */
export function writeApart(
  body: BodyContext,
  { held, number }: Apart,
  value: Operand,
  out: Statement[],
): void {
  const mark = body.program.use('FLOAT_APART')
  const set = (target: Expression, to: Expression): Statement => evaluate(assign(target, to))
  if (value.apart !== undefined) {
    const parts = value.apart(number)
    out.push(set(held, parts.held))
    if (parts.number !== number) out.push(set(number, parts.number))
    return
  }
  if (value.type === 'double' || value.type === 'float') {
    out.push(set(number, double(value)), set(held, mark))
    return
  }
  out.push(set(held, value.value))
  if (value.type !== 'unknown') return
  const isFloat = binary('instanceof', held, body.program.use('Float'))
  out.push(ifElse(isFloat, [set(number, member(held, 'value')), set(held, mark)]))
}
