/**
 * What the reference calls the start of an expression, which some errors point at.
 *
 * A node's own `position` is what the reference calls its position: for an operator, the operator.
 * The start is that too, except for what is written without one.
 *
 * @module
 */

import type { Expression, Position } from '../parse/ast.ts'

export function startOf(expression: Expression): Position {
  switch (expression.kind) {
    case 'logical':
      return startOf(expression.left)
    case 'chain':
      return startOf(expression.base)
    case 'variable':
      return expression.namespace[0]?.position ?? expression.position
    default:
      return expression.position
  }
}
