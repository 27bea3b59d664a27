/**
 * What can be told of an expression by looking at it.
 *
 * @module
 */
import type { Expression, Position } from '../ast.ts'
import { mismatchedType } from '../parse-error.ts'

/** Where the leftmost part stands that the reference names in errors about the whole. */
export function startPosition(expression: Expression): Position {
  switch (expression.kind) {
    case 'variable':
      return expression.namespace[0]?.position ?? expression.position
    case 'logical':
      return startPosition(expression.left)
    case 'chain':
      return startPosition(expression.base)
    default:
      return expression.position
  }
}

/** Whether the value is written out: a literal, or an array or map of such. */
export function isConstant(expression: Expression): boolean {
  switch (expression.kind) {
    case 'unit':
    case 'boolean':
    case 'integer':
    case 'float':
    case 'character':
    case 'string':
      return true
    case 'array':
      return expression.items.every(isConstant)
    case 'map':
      return expression.entries.every((entry) => isConstant(entry.value))
    default:
      return false
  }
}

/** @throws RhaiError when the value can never be a boolean. */
export function checkBoolean(expression: Expression): Expression {
  const type = typeNeverBoolean(expression)
  if (type === undefined) return expression
  throw mismatchedType('a boolean expression', type, startPosition(expression))
}

/** @throws RhaiError when the value can never be walked by `for`. */
export function checkIterable(expression: Expression): Expression {
  const type = typeNeverIterable(expression)
  if (type === undefined) return expression
  throw mismatchedType('an iterable value', type, startPosition(expression))
}

function typeNeverBoolean(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'unit':
      return '()'
    case 'integer':
      return 'a number'
    case 'float':
      return 'a floating-point number'
    case 'character':
      return 'a character'
    case 'string':
    case 'interpolated':
      return 'a string'
    case 'array':
      return 'an array'
    case 'map':
      return 'an object map'
    case 'closure':
      return expression.captures.length === 0 ? 'Fn' : undefined
    default:
      return undefined
  }
}

function typeNeverIterable(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'unit':
      return '()'
    case 'boolean':
      return 'a boolean'
    case 'integer':
      return 'a number'
    case 'float':
      return 'a floating-point number'
    case 'character':
      return 'a character'
    case 'map':
      return 'an object map'
    default:
      return undefined
  }
}
