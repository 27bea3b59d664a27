/**
 * Expressions that stand as statements, and assignments.
 *
 * @module
 */
import { improperSymbol } from '../../lex/lex-failure.ts'
import { TokenKind } from '../../lex/token-kind.ts'
import type {
  AssignmentOperator,
  AssignmentStatement,
  Expression,
  ExpressionStatement,
  Position,
} from '../ast.ts'
import { parseExpression } from '../expression/expression.ts'
import { isConstant, startPosition } from '../expression/expression-shape.ts'
import { badInput, invalidTarget, parseError } from '../parse-error.ts'
import { type Parser, textOf } from '../parser.ts'

export function parseExpressionStatement(
  parser: Parser,
  level: number,
): ExpressionStatement | AssignmentStatement {
  const expression = parseExpression(parser, level)
  const kind = parser.peek()
  if (kind < TokenKind.Assign || kind > TokenKind.XorAssign) {
    return { kind: 'expression', expression, position: startPosition(expression) }
  }
  const position = parser.position()
  const operator = textOf(kind) as AssignmentOperator
  parser.skip()
  const value = parseExpression(parser, level)
  checkTarget(parser, expression, operator, position)
  return { kind: 'assignment', target: expression, operator, value, position }
}

/** @throws RhaiError when nothing can be assigned to the target. */
function checkTarget(
  parser: Parser,
  target: Expression,
  operator: AssignmentOperator,
  operatorPosition: Position,
): void {
  switch (target.kind) {
    case 'this':
      return
    case 'variable':
      checkVariable(parser, target)
      return
    case 'chain': {
      const method = target.links.find((link) => link.kind === 'method')
      if (method !== undefined) throw invalidTarget(method.position)
      if (target.base.kind === 'variable' || target.base.kind === 'this') return
      throw invalidTarget(target.base.position)
    }
    case 'logical':
      if (operator !== '=') throw invalidTarget(target.position)
      throw badInput(improperSymbol("Possibly a typo of '=='?"), operatorPosition)
    default:
      if (!isConstant(target)) throw invalidTarget(target.position)
      throw parseError(
        'AssignmentToConstant',
        'Cannot assign to a constant value',
        startPosition(target),
      )
  }
}

/** Only constants of this function are known here; others are found out at run time. */
function checkVariable(parser: Parser, target: Extract<Expression, { kind: 'variable' }>): void {
  const isKnownConstant =
    target.namespace.length === 0 && parser.context.frame.isConstant(target.name)
  if (!isKnownConstant) return
  throw parseError(
    'AssignmentToConstant',
    `Cannot assign to constant ${target.name}`,
    target.position,
  )
}
