/**
 * Indexes that can never fit what they index, where both are plain to see.
 *
 * @module
 */
import type { Expression } from '../ast.ts'
import { parseError } from '../parse-error.ts'
import { startPosition } from './expression-shape.ts'

/** @throws RhaiError when a literal is indexed with a value of the wrong type. */
export function checkIndexType(base: Expression, index: Expression): void {
  const problem = problemOf(base, index)
  if (problem === undefined) return
  throw parseError('MalformedIndexExpr', problem, startPosition(index))
}

function problemOf(base: Expression, index: Expression): string | undefined {
  const type = typeOfIndex(index)
  if (type === undefined) return undefined
  switch (base.kind) {
    case 'map':
      return type === 'a string' ? undefined : `Object map expects string index, not ${type}`
    case 'integer':
    case 'array':
    case 'string':
    case 'interpolated': {
      if (type === 'a number') return undefined
      const wanted = type === 'a string' ? 'numeric' : 'integer'
      return `Array, string or bit-field expects ${wanted} index, not ${type}`
    }
    default:
      return undefined
  }
}

function typeOfIndex(index: Expression): string | undefined {
  switch (index.kind) {
    case 'integer':
      return 'a number'
    case 'string':
    case 'interpolated':
      return 'a string'
    case 'float':
      return 'a float'
    case 'character':
      return 'a character'
    case 'unit':
      return '()'
    case 'boolean':
      return 'a boolean'
    case 'logical':
      return index.operator === '??' ? undefined : 'a boolean'
    default:
      return undefined
  }
}
