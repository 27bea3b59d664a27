/**
 * How the parts of the emitter call each other.
 *
 * Expressions contain statements and statements contain expressions. Each part asks for the others
 * here, through the table of emitters its body carries, so that no module imports its own caller.
 *
 * @module
 */

import type { Expression as ExpressionNode, Statement as StatementNode } from '../parse/ast.ts'
import type { BodyContext, Destination } from './body-context.ts'
import type { Operand } from './expression/operand.ts'
import { emitInOrder } from './expression/operands.ts'
import type { Expression, Statement } from './javascript/javascript.ts'

/** A value that belongs to whoever asked for it. */
export function emitOwned(body: BodyContext, node: ExpressionNode, out: Statement[]): Expression {
  return body.emitters.owned(body, node, out)
}

/** A value to look at before anything else happens. */
export function emitBorrowed(
  body: BodyContext,
  node: ExpressionNode,
  out: Statement[],
): Expression {
  return body.emitters.borrowed(body, node, out)
}

/** A value to compute with: floats known as such come as JavaScript numbers. */
export function emitOperand(body: BodyContext, node: ExpressionNode, out: Statement[]): Operand {
  return body.emitters.operand(body, node, out)
}

/** A value to keep, of which a float may come without a box. */
export function emitOwnedOperand(
  body: BodyContext,
  node: ExpressionNode,
  out: Statement[],
): Operand {
  return body.emitters.ownedOperand(body, node, out)
}

/** A JavaScript boolean; any other type of value is an error. */
export function emitCondition(
  body: BodyContext,
  node: ExpressionNode,
  out: Statement[],
): Expression {
  return body.emitters.condition(body, node, out)
}

/** Values in order, each of its own. */
export function emitAll(
  body: BodyContext,
  nodes: readonly ExpressionNode[],
  out: Statement[],
): Expression[] {
  return emitInOrder(
    body,
    nodes.map((node) => (before) => emitOwned(body, node, before)),
    out,
  )
}

/** Statements in order; the value of the last goes to `destination`. */
export function emitStatements(
  body: BodyContext,
  nodes: readonly StatementNode[],
  out: Statement[],
  destination: Destination,
): void {
  body.emitters.statements(body, nodes, out, destination)
}
