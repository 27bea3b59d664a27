/**
 * Statements.
 *
 * Every statement of Rhai has a value; the destination says whether anyone wants it. The value of
 * everything that is not an expression, a block, `if`, `switch`, `try` or a loop is `()`.
 *
 * @module
 */

import type {
  Block,
  Expression as ExpressionNode,
  IfStatement,
  Statement as Node,
  ThrowStatement,
  TryStatement,
} from '../../parse/ast.ts'
import { type BodyContext, type Destination, DISCARD } from '../body-context.ts'
import {
  block,
  breakTo,
  continueTo,
  type Expression,
  evaluate,
  identifier,
  ifElse,
  literal,
  returnValue,
  type Statement,
  throwValue,
  tryCatch,
} from '../javascript/javascript.ts'
import { positionLiteral, RUN, SOURCE } from '../program-context.ts'
import { emitBorrowed, emitCondition, emitOwned } from '../recursion.ts'
import { emitAssignment } from './assignment.ts'
import { chargeBranch } from './branch-charge.ts'
import { declare, emitDeclaration } from './declarations.ts'
import { deliver } from './deliver.ts'
import { emitLoop } from './loops.ts'
import { emitExport, emitImport } from './modules.ts'
import { leavingImports, rewinding } from './scope-ends.ts'
import { emitSwitch } from './switch.ts'

/** Emits statements of one scope; the caller opens and closes it. */
export function emitStatementList(
  body: BodyContext,
  nodes: readonly Node[],
  out: Statement[],
  destination: Destination,
): void {
  nodes.forEach((node, index) => {
    const isLast = index === nodes.length - 1
    body.releasing(() => emitStatement(body, node, out, isLast ? destination : DISCARD))
  })
  if (nodes.length === 0) deliver(literal(undefined), out, destination)
}

function emitStatement(
  body: BodyContext,
  node: Node,
  out: Statement[],
  destination: Destination,
): void {
  switch (node.kind) {
    case 'expression':
      emitExpressionStatement(body, node.expression, out, destination)
      return
    case 'block':
      emitBlock(body, node, out, destination)
      return
    case 'if':
      emitIf(body, node, out, destination)
      return
    case 'switch':
      emitSwitch(body, node, out, destination)
      return
    case 'while':
    case 'loop':
    case 'do':
    case 'for':
      emitLoop(body, node, out, destination)
      return
    case 'try':
      emitTry(body, node, out, destination)
      return
    case 'break':
      emitBreak(body, node.value, out)
      return
    case 'continue':
      out.push(continueTo(body.loops.at(-1)?.next))
      return
    case 'return':
      out.push(returnValue(emitOptional(body, node.value, out)))
      return
    case 'throw':
      out.push(throwValue(emitThrown(body, node, out)))
      return
    default:
      emitUnitStatement(body, node, out)
      deliver(literal(undefined), out, destination)
  }
}

type UnitStatement = Extract<
  Node,
  { kind: 'empty' | 'variable' | 'assignment' | 'import' | 'export' }
>

function emitUnitStatement(body: BodyContext, node: UnitStatement, out: Statement[]): void {
  switch (node.kind) {
    case 'empty':
      return
    case 'variable':
      emitDeclaration(body, node, out)
      return
    case 'assignment':
      emitAssignment(body, node, out)
      return
    case 'import':
      emitImport(body, node, out)
      return
    case 'export':
      emitExport(body, node, out)
      return
  }
}

function emitExpressionStatement(
  body: BodyContext,
  expression: ExpressionNode,
  out: Statement[],
  destination: Destination,
): void {
  if (expression.kind === 'statement') {
    emitStatement(body, expression.statement, out, destination)
    return
  }
  const value =
    destination.kind === 'discard'
      ? emitBorrowed(body, expression, out)
      : emitResult(body, expression, out, destination)
  deliver(value, out, destination)
}

/** A variable that is returned as the last thing of a function needs no copy. */
function emitResult(
  body: BodyContext,
  expression: ExpressionNode,
  out: Statement[],
  destination: Destination,
): Expression {
  if (destination.kind === 'return' && expression.kind === 'variable' && !body.isDynamic) {
    const binding = body.unit.references.get(expression)
    if (binding !== undefined && !binding.isCaptured) return emitBorrowed(body, expression, out)
  }
  return emitOwned(body, expression, out)
}

function emitOptional(
  body: BodyContext,
  node: ExpressionNode | undefined,
  out: Statement[],
): Expression {
  return node === undefined ? literal(undefined) : emitOwned(body, node, out)
}

function emitBlock(
  body: BodyContext,
  node: Block,
  out: Statement[],
  destination: Destination,
): void {
  const inner = emitScope(body, node.statements, destination)
  if (inner.length > 0) out.push(block(inner))
}

/** The statements of a block, in a scope of their own. */
function emitScope(
  body: BodyContext,
  nodes: readonly Node[],
  destination: Destination,
): Statement[] {
  const inner: Statement[] = []
  body.blockDepth += 1
  emitStatementList(body, nodes, inner, destination)
  body.blockDepth -= 1
  if (body.isDynamic) return rewinding(body, inner)
  return nodes.some(isImport) ? leavingImports(body, inner) : inner
}

const isImport = (node: Node): boolean => node.kind === 'import'

function emitIf(
  body: BodyContext,
  node: IfStatement,
  out: Statement[],
  destination: Destination,
): void {
  const test = emitCondition(body, node.condition, out)
  const { alternate } = node
  const whenTrue = [
    ...chargeBranch(node.consequent, node),
    ...emitScope(body, node.consequent.statements, destination),
  ]
  const whenFalse: Statement[] = alternate === undefined ? [] : chargeBranch(alternate, node)
  if (alternate === undefined) deliver(literal(undefined), whenFalse, destination)
  else if (alternate.kind === 'if') emitIf(body, alternate, whenFalse, destination)
  else whenFalse.push(...emitScope(body, alternate.statements, destination))
  out.push(ifElse(test, whenTrue, whenFalse))
}

function emitBreak(body: BodyContext, value: ExpressionNode | undefined, out: Statement[]): void {
  const loop = body.loops.at(-1)
  if (loop === undefined) throw new Error('break outside a loop passed the parser')
  if (value !== undefined || loop.destination.kind !== 'discard') {
    const result = emitOptional(body, value, out)
    deliver(result, out, loop.destination)
  }
  if (loop.destination.kind !== 'return') out.push(breakTo(loop.label))
}

function emitThrown(body: BodyContext, node: ThrowStatement, out: Statement[]): Expression {
  const { program } = body
  const value = emitOptional(body, node.value, out)
  const at = positionLiteral(node.position)
  const original = body.caughtErrors.at(-1)
  const run = identifier(RUN)
  if (original === undefined) return program.callMachine('thrown', run, value, at)
  return program.callMachine('thrownAgain', run, value, at, identifier(original))
}

/** The value is that of the body, or `()` after an error. */
function emitTry(
  body: BodyContext,
  node: TryStatement,
  out: Statement[],
  destination: Destination,
): void {
  const { program } = body
  const error = program.names.fresh('error')
  body.caughtErrors.push(undefined)
  const tried = emitScope(body, node.body.statements, destination)
  body.caughtErrors.pop()
  const handler: Statement[] = []
  body.caughtErrors.push(error)
  if (node.variable === undefined) {
    handler.push(evaluate(program.callMachine('swallow', identifier(RUN), identifier(error))))
    handler.push(...emitScope(body, node.handler.statements, DISCARD))
  } else {
    const value = program.callMachine('caught', identifier(RUN), identifier(error), SOURCE)
    declare(body, node.variable, value, handler)
    handler.push(...emitScope(body, node.handler.statements, DISCARD))
  }
  body.caughtErrors.pop()
  deliver(literal(undefined), handler, destination)
  const whole = body.isDynamic && node.variable !== undefined ? rewinding(body, handler) : handler
  out.push(tryCatch(tried, error, whole))
}
