/**
 * Methods of numbers written in place, where the receiver is known to be a number.
 *
 * @module
 */

import type { MachineName } from '../../machine/machine.ts'
import type { ChainExpression } from '../../parse/ast.ts'
import type { BodyContext } from '../body-context.ts'
import { call, type Statement } from '../javascript/javascript.ts'
import { emitOperand } from '../recursion.ts'
import { double, type Operand } from './operand.ts'
import { typeOfExpression } from './value-types.ts'

/** Functions from float to float, as JavaScript has them. */
const FLOAT_FUNCTIONS: Readonly<Record<string, MachineName>> = {
  sqrt: 'squareRoot',
  abs: 'absolute',
  floor: 'floor',
  ceiling: 'ceiling',
}

/** A call that gives a float; undefined where there is no shorter way than the call. */
export function emitNumberMethod(
  body: BodyContext,
  node: ChainExpression,
  out: Statement[],
): Operand | undefined {
  const [link] = node.links
  if (link?.kind !== 'method') return undefined
  const isFloat = typeOfExpression(node.base, body) === 'float'
  if (link.name === 'to_float') {
    const receiver = emitOperand(body, node.base, out)
    if (receiver.type !== 'integer') return { value: double(receiver), type: 'double' }
    return { value: call(body.program.use('toDouble'), receiver.value), type: 'double' }
  }
  if (!isFloat || !Object.hasOwn(FLOAT_FUNCTIONS, link.name)) return undefined
  const name = FLOAT_FUNCTIONS[link.name]
  if (name === undefined) return undefined
  const receiver = emitOperand(body, node.base, out)
  return { value: call(body.program.use(name), double(receiver)), type: 'double' }
}
