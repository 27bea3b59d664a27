/**
 * Values that are written out in a script, as JSON.
 *
 * @module
 */
import type { Expression } from '../parse/ast.ts'
import { isConstant } from '../parse/expression/expression-shape.ts'
import type { JsonLiteral, LiteralDescription } from './description.ts'

/** Null unless the value is a literal; a missing initialiser is `()`. */
export function describeLiteral(expression: Expression | undefined): LiteralDescription | null {
  if (expression === undefined) return { type: '()', value: null }
  if (!isConstant(expression)) return null
  return { type: TYPES[expression.kind] ?? '', value: jsonOf(expression) }
}

const TYPES: Readonly<Partial<Record<Expression['kind'], string>>> = {
  unit: '()',
  boolean: 'bool',
  integer: 'i64',
  float: 'f64',
  character: 'char',
  string: 'string',
  array: 'array',
  map: 'map',
}

/** JSON has no infinities, and one zero. */
function floatOf(value: number): JsonLiteral {
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) ? value : String(value)
}

function jsonOf(expression: Expression): JsonLiteral {
  switch (expression.kind) {
    case 'integer':
      return typeof expression.value === 'bigint' ? String(expression.value) : expression.value
    case 'float':
      return floatOf(expression.value)
    case 'boolean':
    case 'character':
    case 'string':
      return expression.value
    case 'array':
      return expression.items.map(jsonOf)
    case 'map':
      return Object.fromEntries(expression.entries.map(({ name, value }) => [name, jsonOf(value)]))
    default:
      return null
  }
}
