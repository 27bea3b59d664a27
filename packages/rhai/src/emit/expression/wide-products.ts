/**
 * `x * y % m`, `(x * y + c) & m` and the like: operators that are emitted as one.
 *
 * @module
 */

import type { MachineName } from '../../machine/machine.ts'
import type { BinaryExpression, Expression as Node } from '../../parse/ast.ts'
import type { BodyContext } from '../body-context.ts'
import {
  assign,
  binary,
  both,
  call,
  conditional,
  type Expression,
  identifier,
  literal,
  type Statement,
  sequence,
  unary,
} from '../javascript/javascript.ts'
import { positionLiteral, RUN } from '../program-context.ts'
import { emitBorrowed } from '../recursion.ts'
import { emitInOrder } from './operands.ts'
import { typeOfExpression } from './value-types.ts'

/** The expression as one operation; undefined when it is not of that form, or not of integers. */
export function emitWideProduct(
  body: BodyContext,
  node: BinaryExpression,
  out: Statement[],
): Expression | undefined {
  const name = node.operator === '%' ? MODULO : node.operator === '&' ? MASKED : undefined
  if (name === undefined || typeOfExpression(node.right, body) !== 'small') return undefined
  const { left } = node
  if (isOperation(left, '*') && mayBeIntegers(body, left)) {
    return emitOperation(body, name.product, [left.left, left.right, node.right], [left, node], out)
  }
  if (!isOperation(left, '+')) return undefined
  const product = left.left
  if (!isOperation(product, '*') || !mayBeIntegers(body, product)) return undefined
  const operands = [product.left, product.right, left.right, node.right]
  return emitOperation(body, name.sum, operands, [product, left, node], out)
}

const MODULO = { product: 'productModulo', sum: 'sumModulo' } as const
const MASKED = { product: 'productMasked', sum: 'sumMasked' } as const

function emitOperation(
  body: BodyContext,
  name: MachineName,
  operands: readonly Node[],
  operators: readonly BinaryExpression[],
  out: Statement[],
): Expression {
  const emits = operands.map((operand) => (before: Statement[]) => {
    return emitBorrowed(body, operand, before)
  })
  const setup: Expression[] = []
  const values = emitInOrder(body, emits, out).map((value) => {
    if (value.kind === 'literal') return value
    const temporary = body.temporary()
    setup.push(assign(temporary, value))
    return temporary
  })
  const positions = operators.map((operator) => positionLiteral(operator.position))
  const general = call(body.program.use(name), identifier(RUN), ...values, ...positions)
  return sequence(...setup, smallModulo(body, name, values, general))
}

/** A remainder where nothing on the way leaves the safe integers: written in place. */
function smallModulo(
  body: BodyContext,
  name: MachineName,
  values: readonly Expression[],
  general: Expression,
): Expression {
  const modulus = values.at(-1)
  const [x, y, addend] = values
  if (x === undefined || y === undefined || modulus?.kind !== 'literal' || modulus.value === 0) {
    return general
  }
  if (name !== 'productModulo' && name !== 'sumModulo') return general
  const isNumber = (value: Expression): Expression =>
    binary('===', unary('typeof ', value), literal('number'))
  const product = body.temporary()
  const tests = [isNumber(x), isNumber(y), ...isSafe(product, binary('*', x, y))]
  let whole = product
  if (name === 'sumModulo' && addend !== undefined) {
    whole = body.temporary()
    tests.push(isNumber(addend), ...isSafe(whole, binary('+', product, addend)))
  }
  const result = binary('+', binary('%', whole, modulus), literal(0))
  return conditional(tests.reduce(both), result, general)
}

function isSafe(variable: Expression, value: Expression): Expression[] {
  return [
    binary('<=', assign(variable, value), literal(Number.MAX_SAFE_INTEGER)),
    binary('>=', variable, literal(Number.MIN_SAFE_INTEGER)),
  ]
}

function isOperation(node: Node, operator: string): node is BinaryExpression {
  return node.kind === 'binary' && node.operator === operator
}

/** Neither is known to be anything else, and they do not just make a small number of a small one. */
function mayBeIntegers(body: BodyContext, { left, right }: BinaryExpression): boolean {
  return [left, right].every((node) => {
    const type = typeOfExpression(node, body)
    return type === 'unknown' || type === 'integer' || type === 'small'
  })
}
