/**
 * Where an expression begins, as far left as it reaches.
 *
 * A node's own `position` is what the reference calls its position: for an operator, the operator.
 *
 * @module
 */

import type { Expression, Position } from '../parse/ast.ts'

export function startOf(expression: Expression): Position {
  switch (expression.kind) {
    case 'binary':
    case 'logical':
      return startOf(expression.left)
    case 'range':
      return startOf(expression.start)
    case 'chain':
      return startOf(expression.base)
    case 'variable':
    case 'call':
      return expression.namespace[0]?.position ?? expression.position
    default:
      return expression.position
  }
}
