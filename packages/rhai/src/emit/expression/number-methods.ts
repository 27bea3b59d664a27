/**
 * Methods of numbers written in place, where the receiver is known to be a number.
 *
 * @module
 */

import type { ChainExpression, MethodLink } from '../../parse/ast.ts'
import type { BodyContext } from '../body-context.ts'
import { call, type Expression, type Statement } from '../javascript/javascript.ts'
import { emitOperand } from '../recursion.ts'
import { comesApart, FLOAT_FUNCTIONS } from './apart.ts'
import { emitMethodOnStage } from './method-calls.ts'
import { boxed, double, mappedFloat, type Operand } from './operand.ts'
import { typeOfExpression } from './value-types.ts'

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
  if (comesApart(node, body)) return emitOnApart(body, node, link, out)
  if (!isFloat || !Object.hasOwn(FLOAT_FUNCTIONS, link.name)) return undefined
  const name = FLOAT_FUNCTIONS[link.name]
  if (name === undefined) return undefined
  const receiver = emitOperand(body, node.base, out)
  return { value: call(body.program.use(name), double(receiver)), type: 'double' }
}

/** A call on a value that is likely a float; others have the call. */
function emitOnApart(
  body: BodyContext,
  node: ChainExpression,
  link: MethodLink,
  out: Statement[],
): Operand | undefined {
  const name = FLOAT_FUNCTIONS[link.name]
  if (name === undefined) return undefined
  const receiver = emitOperand(body, node.base, out)
  const general = (value: Expression): Expression =>
    emitMethodOnStage(body, { value, kind: 'owned' }, link, [])
  if (receiver.apart === undefined) {
    return { value: general(boxed(body, receiver)), type: 'unknown' }
  }
  const float = (number: Expression): Expression => call(body.program.use(name), number)
  return mappedFloat(body, receiver.apart(), { float, general })
}
