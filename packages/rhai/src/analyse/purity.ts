/**
 * What the reference's optimiser takes to have no effect.
 *
 * A look at a variable counts as an effect inside expressions, because the variable may be missing,
 * but not as a statement of its own.
 *
 * @module
 */

import type { Expression, Statement } from '../parse/ast.ts'

export function isPureStatement(node: Statement): boolean {
  switch (node.kind) {
    case 'empty':
      return true
    case 'expression':
      return isPure(node.expression)
    case 'block':
      return node.statements.every(isPureStatement)
    case 'if':
      return (
        isPure(node.condition) &&
        isPureStatement(node.consequent) &&
        (node.alternate === undefined || isPureStatement(node.alternate))
      )
    case 'while':
      return node.condition.kind === 'boolean' && !node.condition.value
    case 'for':
      return isPure(node.iterable) && isPureStatement(node.body)
    case 'try':
      return isPureStatement(node.body) && isPureStatement(node.handler)
    default:
      return false
  }
}

export function isPure(node: Expression): boolean {
  switch (node.kind) {
    case 'interpolated':
      return node.parts.every(isPure)
    case 'array':
      return node.items.every(isPure)
    case 'map':
      return node.entries.every((entry) => isPure(entry.value))
    case 'logical':
      return isPure(node.left) && isPure(node.right)
    case 'statement':
      return isPureStatement(node.statement)
    case 'range':
      return isRangeEnd(node.start) && isRangeEnd(node.end)
    default:
      return isLiteral(node)
  }
}

/** A range of anything else is an error, which has to show. */
function isRangeEnd({ kind }: Expression): boolean {
  return kind === 'integer' || kind === 'unit'
}

/** A closure without captures is a constant to the reference. */
export function isLiteral(node: Expression): boolean {
  switch (node.kind) {
    case 'unit':
    case 'boolean':
    case 'integer':
    case 'float':
    case 'character':
    case 'string':
      return true
    case 'closure':
      return node.captures.length === 0
    default:
      return false
  }
}
