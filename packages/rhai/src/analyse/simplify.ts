/**
 * What the reference's optimiser, at its default level, makes visible.
 *
 * It drops statements without effect, so a mistake in one goes unnoticed; it drops a `try` around
 * nothing that can fail; and it drops constant sides of `&&`, `||` and `??`, and with them the
 * check that the other side is a boolean. Folding that nobody can see is left to the JavaScript
 * engine. The text of an `eval` is not optimised.
 *
 * @module
 */

import type {
  Block,
  Expression,
  FunctionDefinition,
  IfStatement,
  LogicalExpression,
  Script,
  Statement,
} from '../parse/ast.ts'
import { isConstant } from './constant.ts'
import { startOf } from './position.ts'
import { isPure, isPureStatement } from './purity.ts'

export function simplify(script: Script): Script {
  return {
    ...script,
    statements: simplifyStatements(script.statements, true),
    functions: script.functions.map(simplifyFunction),
  }
}

function simplifyFunction(definition: FunctionDefinition): FunctionDefinition {
  return { ...definition, body: simplifyBody(definition.body) }
}

/** The body of a function, where the reference leaves imports alone. */
function simplifyBody(node: Block): Block {
  return { ...node, statements: simplifyStatements(node.statements, true) }
}

function simplifyBlock(node: Block, isValueUsed: boolean): Block {
  return {
    ...node,
    statements: withoutIdleImports(simplifyStatements(node.statements, isValueUsed)),
  }
}

/** An import goes if nothing after it in its block could use the module. */
function withoutIdleImports(nodes: readonly Statement[]): readonly Statement[] {
  const lastAtWork = nodes.findLastIndex((node) => !isIdle(node))
  return nodes.filter((node, index) => index <= lastAtWork || node.kind !== 'import')
}

/** Whether all that a statement does is gone when its block ends. */
function isIdle(node: Statement): boolean {
  if (node.kind === 'import') return isPure(node.path)
  if (node.kind === 'variable') return node.value === undefined || isPure(node.value)
  return isPureStatement(node)
}

function simplifyStatements(
  nodes: readonly Statement[],
  isValueUsed: boolean,
): readonly Statement[] {
  const last = nodes.length - 1
  const simplified = nodes
    .map((node, index) => simplifyStatement(node, isValueUsed && index === last))
    .map((node) => (isPureLoop(node) ? nothing(node) : node))
  return simplified.filter((node, index) => {
    if (isValueUsed && index === last) return true
    return !isLookAtVariable(node) && !isPureStatement(node)
  })
}

function isPureLoop(node: Statement): boolean {
  return node.kind === 'for' && isPureStatement(node)
}

function nothing({ position }: Statement): Statement {
  return { kind: 'empty', position }
}

function isLookAtVariable(node: Statement): boolean {
  return node.kind === 'expression' && node.expression.kind === 'variable'
}

function simplifyStatement(node: Statement, isValueUsed: boolean): Statement {
  switch (node.kind) {
    case 'block':
      return simplifyBlock(node, isValueUsed)
    case 'expression':
      return { ...node, expression: simplifyExpression(node.expression, isValueUsed) }
    case 'variable':
    case 'break':
    case 'return':
    case 'throw':
      return node.value === undefined
        ? node
        : { ...node, value: simplifyExpression(node.value, true) }
    case 'assignment':
      return {
        ...node,
        target: simplifyExpression(node.target, true),
        value: simplifyExpression(node.value, true),
      }
    case 'if':
      return simplifyEmptyIf(node, isValueUsed) ?? simplifyIf(node, isValueUsed)
    case 'switch':
      return {
        ...node,
        subject: simplifyExpression(node.subject, true),
        cases: node.cases.map((each) => ({
          ...each,
          guard: each.guard && simplifyExpression(each.guard, true),
          body: simplifyStatement(each.body, true),
        })),
        fallback: node.fallback && simplifyStatement(node.fallback, true),
      }
    case 'while':
    case 'do':
      return {
        ...node,
        condition: simplifyExpression(node.condition, true),
        body: simplifyBlock(node.body, false),
      }
    case 'loop':
      return { ...node, body: simplifyBlock(node.body, false) }
    case 'for':
      return {
        ...node,
        iterable: simplifyExpression(node.iterable, true),
        body: simplifyBlock(node.body, false),
      }
    case 'try': {
      const body = simplifyBlock(node.body, false)
      if (body.statements.every(isPureStatement)) return body
      return {
        ...node,
        body: withoutFoldedValue(body),
        handler: simplifyBlock(node.handler, false),
      }
    }
    default:
      return node
  }
}

/** What can be computed while compiling is no value of a `try`. */
function withoutFoldedValue(body: Block): Block {
  const last = body.statements.at(-1)
  if (last?.kind !== 'expression' || !isConstant(last.expression)) return body
  return { ...body, statements: [...body.statements, nothing(last)] }
}

/** An `if` that guards nothing only evaluates its condition, whatever that gives. */
function simplifyEmptyIf(node: IfStatement, isValueUsed: boolean): Statement | undefined {
  if (node.consequent.statements.length > 0) return undefined
  const { alternate, position } = node
  if (alternate?.kind === 'if' || (alternate?.statements.length ?? 0) > 0) return undefined
  const expression = simplifyExpression(node.condition, true)
  const look: Statement = { kind: 'expression', expression, position }
  if (!isValueUsed) return look
  if (isLookAtVariable(look)) return nothing(look)
  return { ...node.consequent, statements: [look, { kind: 'empty', position }] }
}

function simplifyIf(node: IfStatement, isValueUsed: boolean): IfStatement {
  const { alternate } = node
  return {
    ...node,
    condition: simplifyExpression(node.condition, true),
    consequent: simplifyBlock(node.consequent, isValueUsed),
    alternate:
      alternate?.kind === 'if'
        ? simplifyIf(alternate, isValueUsed)
        : alternate && simplifyBlock(alternate, isValueUsed),
  }
}

function simplifyExpression(node: Expression, isValueUsed: boolean): Expression {
  const simplifyAll = (nodes: readonly Expression[]) =>
    nodes.map((each) => simplifyExpression(each, true))
  switch (node.kind) {
    case 'logical':
      return simplifyLogical(node)
    case 'unary':
      return { ...node, operand: simplifyExpression(node.operand, true) }
    case 'binary':
      return {
        ...node,
        left: simplifyExpression(node.left, true),
        right: simplifyExpression(node.right, true),
      }
    case 'range':
      return {
        ...node,
        start: simplifyExpression(node.start, true),
        end: simplifyExpression(node.end, true),
      }
    case 'array':
      return { ...node, items: simplifyAll(node.items) }
    case 'map':
      return {
        ...node,
        entries: node.entries.map((entry) => ({
          ...entry,
          value: simplifyExpression(entry.value, true),
        })),
      }
    case 'call':
      return { ...node, args: simplifyAll(node.args) }
    case 'chain':
      return {
        ...node,
        base: simplifyExpression(node.base, true),
        links: node.links.map((link) => {
          if (link.kind === 'index') return { ...link, index: simplifyExpression(link.index, true) }
          return link.kind === 'method' ? { ...link, args: simplifyAll(link.args) } : link
        }),
      }
    case 'closure': {
      const { body } = node
      return {
        ...node,
        body: body.kind === 'block' ? simplifyBody(body) : simplifyStatement(body, true),
      }
    }
    case 'statement': {
      const statement = simplifyStatement(node.statement, isValueUsed)
      return { ...node, statement: statement as typeof node.statement }
    }
    case 'interpolated':
      return {
        ...node,
        parts: node.parts.map((part) =>
          part.kind === 'string' ? part : (simplifyExpression(part, true) as typeof part),
        ),
      }
    default:
      return node
  }
}

function simplifyLogical(node: LogicalExpression): Expression {
  const left = simplifyExpression(node.left, true)
  const right = simplifyExpression(node.right, true)
  const simplified = { ...node, left, right }
  const position = startOf(node)
  if (node.operator === '??') {
    if (left.kind !== 'unit') return simplified
    return right.kind === 'unit' ? { kind: 'boolean', value: false, position } : right
  }
  const neutral = node.operator === '&&'
  if (left.kind === 'boolean') return left.value === neutral ? right : left
  if (right.kind !== 'boolean') return simplified
  if (right.value === neutral) return left
  return isPure(left) ? right : simplified
}
