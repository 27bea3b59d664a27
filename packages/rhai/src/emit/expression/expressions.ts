/**
 * Expressions.
 *
 * `ownedExpression` gives a value the receiver may keep; `borrowedExpression` may give one that
 * still belongs to a variable or container, for uses that only look at it.
 *
 * @module
 */

import type {
  BinaryExpression,
  InterpolatedString,
  LogicalExpression,
  Expression as Node,
  StatementExpression,
  UnaryExpression,
} from '../../parse/ast.ts'
import { type BodyContext, SELF } from '../body-context.ts'
import {
  array,
  assign,
  binary,
  both,
  conditional,
  type Expression,
  either,
  evaluate,
  identifier,
  ifElse,
  literal,
  member,
  not,
  type Statement,
  sequence,
  unary,
} from '../javascript/javascript.ts'
import { isUnit, positionLiteral, RUN } from '../program-context.ts'
import { emitAll, emitBorrowed, emitCondition, emitOwned } from '../recursion.ts'
import { binaryOperation } from './arithmetic.ts'
import { emitCall } from './calls.ts'
import { emitChain } from './chains.ts'
import { emitClosure } from './closures.ts'
import { constantText } from './constant-text.ts'
import { operandOf } from './inline-numbers.ts'
import { emitInOrder, isRepeatable } from './operands.ts'
import { emitStatementExpression } from './statement-expression.ts'
import { knownType } from './value-types.ts'
import { emitVariable } from './variables.ts'

/** A value that belongs to whoever asked for it. */
export function ownedExpression(body: BodyContext, node: Node, out: Statement[]): Expression {
  switch (node.kind) {
    case 'variable':
    case 'this':
      return body.program.callMachine('copy', emitBorrowed(body, node, out))
    case 'chain': {
      const { value, isOwned } = emitChain(body, node, out)
      return isOwned ? value : body.program.callMachine('copy', value)
    }
    default:
      return emitBorrowed(body, node, out)
  }
}

/** A value to look at before anything else happens. */
export function borrowedExpression(body: BodyContext, node: Node, out: Statement[]): Expression {
  const { program } = body
  switch (node.kind) {
    case 'unit':
      return literal(undefined)
    case 'boolean':
    case 'integer':
    case 'string':
      return literal(node.value)
    case 'float':
      return program.float(node.value)
    case 'character':
      return program.char(node.value)
    case 'interpolated':
      return emitInterpolated(body, node, out)
    case 'array': {
      const items = emitAll(body, node.items, out)
      const at = positionLiteral(node.position)
      return program.callMachine('arrayOf', identifier(RUN), array(items), at)
    }
    case 'map': {
      const values = emitAll(
        body,
        node.entries.map((entry) => entry.value),
        out,
      )
      const entries = node.entries.map((entry, index) =>
        array([literal(entry.name), values[index] ?? literal(undefined)]),
      )
      const at = positionLiteral(node.position)
      return program.callMachine('mapOf', identifier(RUN), array(entries), at)
    }
    case 'variable':
      return emitVariable(body, node)
    case 'this': {
      const cell = program.callMachine('boundThis', SELF, positionLiteral(node.position))
      return member(cell, 'value')
    }
    case 'call':
      return emitCall(body, node, out)
    case 'chain':
      return emitChain(body, node, out).value
    case 'unary':
      return emitUnary(body, node, out)
    case 'binary':
      return emitBinary(body, node, out)
    case 'logical':
      return emitLogical(body, node, out)
    case 'range': {
      const [start, end] = emitPair(body, node.start, node.end, out)
      const inclusive = literal(node.isInclusive)
      const at = positionLiteral(node.position)
      return program.callMachine('range', identifier(RUN), start, end, inclusive, at)
    }
    case 'closure':
      return emitClosure(body, node)
    case 'statement':
      return emitStatementExpression(body, node.statement, out)
  }
}

/** A JavaScript boolean; any other type of value is an error. */
export function conditionOf(body: BodyContext, node: Node, out: Statement[]): Expression {
  const value = emitBorrowed(body, node, out)
  return knownType(node) === 'boolean' ? value : truth(body, value, node)
}

function truth(body: BodyContext, value: Expression, node: Node): Expression {
  return body.program.callMachine('truth', value, positionLiteral(node.position))
}

function emitPair(
  body: BodyContext,
  left: Node,
  right: Node,
  out: Statement[],
): [Expression, Expression] {
  const [first, second] = emitInOrder(
    body,
    [(before) => emitBorrowed(body, left, before), (before) => emitBorrowed(body, right, before)],
    out,
  )
  return [first ?? literal(undefined), second ?? literal(undefined)]
}

function emitBinary(body: BodyContext, node: BinaryExpression, out: Statement[]): Expression {
  const [left, right] = emitPair(body, node.left, node.right, out)
  const a = operandOf(left, node.left)
  const b = operandOf(right, node.right)
  return binaryOperation(body, node.operator, a, b, positionLiteral(node.position))
}

function emitUnary(body: BodyContext, node: UnaryExpression, out: Statement[]): Expression {
  const { program } = body
  const value = emitBorrowed(body, node.operand, out)
  const at = positionLiteral(node.position)
  if (node.operator !== '!') {
    const name = node.operator === '-' ? 'negate' : 'plus'
    return program.callMachine(name, identifier(RUN), value, at)
  }
  if (knownType(node.operand) === 'boolean') return not(value)
  const setup = isRepeatable(value) ? undefined : assign(body.temporary(), value)
  const operand = setup?.kind === 'assign' ? setup.target : value
  const isBoolean = binary('===', unary('typeof ', operand), literal('boolean'))
  const general = program.callMachine('not', identifier(RUN), operand, at)
  const result = conditional(isBoolean, not(operand), general)
  return setup === undefined ? result : sequence(setup, result)
}

function emitLogical(body: BodyContext, node: LogicalExpression, out: Statement[]): Expression {
  if (node.operator === '??') return emitCoalesce(body, node, out)
  const left = emitCondition(body, node.left, out)
  const result = body.temporary()
  const before: Statement[] = []
  const right = emitCondition(body, node.right, before)
  const isAnd = node.operator === '&&'
  if (before.length === 0) return isAnd ? both(left, right) : either(left, right)
  out.push(evaluate(assign(result, left)))
  const rest = [...before, evaluate(assign(result, right))]
  out.push(ifElse(isAnd ? result : not(result), rest))
  return result
}

function emitCoalesce(body: BodyContext, node: LogicalExpression, out: Statement[]): Expression {
  const left = emitOwned(body, node.left, out)
  const result = body.temporary()
  const before: Statement[] = []
  const right = emitOwned(body, node.right, before)
  if (before.length === 0) return conditional(isUnit(assign(result, left)), right, result)
  out.push(evaluate(assign(result, left)))
  out.push(ifElse(isUnit(result), [...before, evaluate(assign(result, right))]))
  return result
}

function emitInterpolated(
  body: BodyContext,
  node: InterpolatedString,
  out: Statement[],
): Expression {
  const texts = emitInOrder(
    body,
    node.parts.map((part) => (before: Statement[]) => {
      if (part.kind === 'string') return literal(part.value)
      const folded = foldedText(body, part)
      if (folded !== undefined) return literal(folded)
      const value = emitBorrowed(body, part, before)
      const at = positionLiteral(part.position)
      return body.program.callMachine('textOf', identifier(RUN), value, at)
    }),
    out,
  )
  const text = texts.reduce((left, right) => binary('+', left, right), literal(''))
  const at = positionLiteral(node.position)
  return body.program.callMachine('checkedText', identifier(RUN), text, at)
}

/** The text of `${[1, 'a']}` and of `${CONSTANT}`, known while compiling. */
function foldedText(body: BodyContext, part: StatementExpression): string | undefined {
  if (part.statement.kind !== 'block') return undefined
  const [only] = part.statement.statements
  if (part.statement.statements.length !== 1 || only?.kind !== 'expression') return undefined
  const { expression } = only
  if (expression.kind !== 'variable') return constantText(expression)
  const value = body.unit.references.get(expression)?.literal
  return value && constantText(value)
}
