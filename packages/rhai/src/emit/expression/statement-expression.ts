/**
 * Blocks, `if`, `switch` and loops in the place of an expression.
 *
 * Where both branches of an `if` are expressions it becomes `a ? b : c`; everything else is put
 * before the expression as statements that leave their value in a variable.
 *
 * @module
 */

import { extraCostOf } from '../../analyse/cost.ts'
import type { Block, IfStatement, StatementExpression } from '../../parse/ast.ts'
import type { BodyContext } from '../body-context.ts'
import {
  conditional,
  declareLet,
  type Expression,
  identifier,
  literal,
  type Statement,
} from '../javascript/javascript.ts'
import { emitCondition, emitOwned, emitStatements } from '../recursion.ts'

export function emitStatementExpression(
  body: BodyContext,
  node: StatementExpression['statement'],
  out: Statement[],
): Expression {
  const simple = simpleBlock(body, node, out) ?? simpleIf(body, node, out)
  if (simple !== undefined) return simple
  const name = body.program.names.fresh('v')
  body.writes += 1
  out.push(declareLet(name))
  emitStatements(body, [node], out, { kind: 'variable', name })
  return identifier(name)
}

/** `{ expression }` */
function simpleBlock(
  body: BodyContext,
  node: StatementExpression['statement'],
  out: Statement[],
): Expression | undefined {
  if (node.kind !== 'block' || body.isDynamic) return undefined
  const [only] = node.statements
  if (only === undefined) return literal(undefined)
  if (node.statements.length > 1 || only.kind !== 'expression') return undefined
  return emitOwned(body, only.expression, out)
}

/** `if a { b } else { c }` when b and c need no statements. */
function simpleIf(
  body: BodyContext,
  node: StatementExpression['statement'],
  out: Statement[],
): Expression | undefined {
  if (node.kind !== 'if' || body.isDynamic || !isSimpleIf(node)) return undefined
  const before: Statement[] = []
  const test = emitCondition(body, node.condition, before)
  const inside: Statement[] = []
  const whenTrue = simpleBlock(body, node.consequent, inside)
  const { alternate } = node
  const whenFalse =
    alternate === undefined
      ? literal(undefined)
      : (simpleBlock(body, alternate, inside) ?? simpleIf(body, alternate, inside))
  if (whenTrue === undefined || whenFalse === undefined || inside.length > 0) return undefined
  out.push(...before)
  return conditional(test, whenTrue, whenFalse)
}

function isSimpleIf(node: IfStatement): boolean {
  const { alternate } = node
  if (!isSimpleBlock(node.consequent) || extraCostOf(node.consequent, node) > 0) return false
  if (alternate === undefined) return true
  if (extraCostOf(alternate, node) > 0) return false
  return alternate.kind === 'if' ? isSimpleIf(alternate) : isSimpleBlock(alternate)
}

function isSimpleBlock(node: Block): boolean {
  return (
    node.statements.length === 0 ||
    (node.statements.length === 1 && node.statements[0]?.kind === 'expression')
  )
}
