/**
 * What can be said of an expression's value without running it.
 *
 * @module
 */

import type { BinaryExpression, Expression } from '../../parse/ast.ts'

/** `integer` means a small one, known to be a JavaScript number. */
export type KnownType = 'boolean' | 'integer' | 'float' | 'other' | 'unknown'

const BOOLEAN_OPERATORS: ReadonlySet<string> = new Set([
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  '!in',
])

export function knownType(expression: Expression): KnownType {
  switch (expression.kind) {
    case 'boolean':
      return 'boolean'
    case 'integer':
      return typeof expression.value === 'number' ? 'integer' : 'other'
    case 'float':
      return 'float'
    case 'binary':
      return typeOfBinary(expression)
    case 'logical':
      return expression.operator === '??' ? 'unknown' : 'boolean'
    case 'unary':
      if (expression.operator === '!') return 'boolean'
      return knownType(expression.operand) === 'float' ? 'float' : 'unknown'
    case 'unit':
    case 'string':
    case 'character':
    case 'interpolated':
    case 'array':
    case 'map':
    case 'closure':
    case 'range':
      return 'other'
    default:
      return 'unknown'
  }
}

/** A float with anything that has an operator with it gives a float; only `+` also makes text. */
function typeOfBinary(expression: BinaryExpression): KnownType {
  const { operator, left, right } = expression
  if (BOOLEAN_OPERATORS.has(operator)) return 'boolean'
  const floats = [left, right].filter((side) => knownType(side) === 'float').length
  const isEnough = operator === '+' ? floats === 2 : floats > 0
  return isEnough && FLOAT_OPERATORS.has(operator) ? 'float' : 'unknown'
}

const FLOAT_OPERATORS: ReadonlySet<string> = new Set(['+', '-', '*', '/'])
