/**
 * Expressions.
 *
 * `ownedExpression` gives a value the receiver may keep; `borrowedExpression` may give one that
 * still belongs to a variable or container, for uses that only look at it.
 *
 * @module
 */

import { isConstant } from '../../analyse/constant.ts'
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
import { positionLiteral, RUN } from '../program-context.ts'
import { emitAll, emitBorrowed, emitCondition, emitOperand, emitOwned } from '../recursion.ts'
import { comesApart } from './apart.ts'
import { binaryOperation } from './arithmetic.ts'
import { emitCall } from './calls.ts'
import { emitChain } from './chains.ts'
import { mayChange } from './changed-operand.ts'
import { emitClosure } from './closures.ts'
import { constantText } from './constant-text.ts'
import { emitNumberMethod } from './number-methods.ts'
import { type Apart, boxed, mappedFloat, type Operand, operandOf } from './operand.ts'
import { emitInOrder, isRepeatable, kept } from './operands.ts'
import { emitStatementExpression } from './statement-expression.ts'
import { typeOfExpression } from './value-types.ts'
import { emitVariable, localOperand, rootOf } from './variables.ts'
import { emitWideProduct } from './wide-products.ts'

/** A value that belongs to whoever asked for it. */
export function ownedExpression(body: BodyContext, node: Node, out: Statement[]): Expression {
  switch (node.kind) {
    case 'variable':
    case 'this': {
      const value = emitBorrowed(body, node, out)
      return isSimple(body, node) ? value : body.program.callMachine('copy', value)
    }
    case 'chain': {
      if (typeOfExpression(node, body) === 'float') return emitBorrowed(body, node, out)
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
      const site = program.literalSite(
        node.entries.map((entry) => entry.name),
        node.position,
      )
      return program.callMachine('mapOf', site, array([literal(undefined), ...values]))
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
      return typeOfExpression(node, body) === 'float' || comesApart(node, body)
        ? boxed(body, operandExpression(body, node, out))
        : emitChain(body, node, out).value
    case 'unary':
      return boxed(body, emitUnary(body, node, out))
    case 'binary':
      return boxed(body, emitBinary(body, node, out))
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

/** A value to compute with: floats known as such come as JavaScript numbers. */
export function operandExpression(body: BodyContext, node: Node, out: Statement[]): Operand {
  if (comesApart(node, body)) return emitApart(body, node, out)
  if (typeOfExpression(node, body) !== 'float') {
    return operandOf(body, emitBorrowed(body, node, out), node)
  }
  switch (node.kind) {
    case 'float':
      return Number.isFinite(node.value)
        ? { value: literal(node.value), type: 'double' }
        : emitAsDouble(body, node, out)
    case 'variable': {
      const root = rootOf(body, node)
      return root.kind === 'local' && root.type === 'double'
        ? { value: root.variable, type: 'double' }
        : emitAsDouble(body, node, out)
    }
    case 'unary':
      return emitUnary(body, node, out)
    case 'binary':
      return emitBinary(body, node, out)
    case 'chain':
      return (
        emitNumberMethod(body, node, out) ?? {
          value: member(emitChain(body, node, out).value, 'value'),
          type: 'double',
        }
      )
    default:
      return emitAsDouble(body, node, out)
  }
}

/** A value to compute with, or to keep, which is likely a float. */
function emitApart(body: BodyContext, node: Node, out: Statement[]): Operand {
  switch (node.kind) {
    case 'variable': {
      const root = rootOf(body, node)
      if (root.kind === 'local') return localOperand(body, root)
      break
    }
    case 'unary':
      return emitUnary(body, node, out)
    case 'binary':
      return emitBinary(body, node, out)
    case 'chain':
      return (
        emitNumberMethod(body, node, out) ?? {
          value: emitChain(body, node, out).value,
          type: 'unknown',
        }
      )
  }
  return operandOf(body, emitBorrowed(body, node, out), node)
}

/** A float that comes as an object only. */
function emitAsDouble(body: BodyContext, node: Node, out: Statement[]): Operand {
  return { value: member(emitBorrowed(body, node, out), 'value'), type: 'double' }
}

/** A value to keep, of which a float needs no box. */
export function ownedOperand(body: BodyContext, node: Node, out: Statement[]): Operand {
  const isFloat = typeOfExpression(node, body) === 'float'
  if (isFloat || (comesApart(node, body) && node.kind !== 'variable')) {
    return emitOperand(body, node, out)
  }
  return operandOf(body, emitOwned(body, node, out), node)
}

/** Whether the value of a variable needs no copy, because it can only be a number or a boolean. */
function isSimple(body: BodyContext, node: Node): boolean {
  const type = typeOfExpression(node, body)
  return type === 'boolean' || type === 'small' || type === 'integer' || type === 'float'
}

/** A JavaScript boolean; any other type of value is an error. */
export function conditionOf(body: BodyContext, node: Node, out: Statement[]): Expression {
  const value = emitBorrowed(body, node, out)
  return typeOfExpression(node, body) === 'boolean' ? value : truth(body, value, node)
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

function emitBinary(body: BodyContext, node: BinaryExpression, out: Statement[]): Operand {
  const wide = emitWideProduct(body, node, out)
  if (wide !== undefined) return { value: wide, type: typeOfExpression(node, body) }
  const [left, right] = emitOperands(body, node.left, node.right, out)
  return binaryOperation(body, node.operator, left, right, positionLiteral(node.position))
}

/** Two operands in order. */
function emitOperands(
  body: BodyContext,
  left: Node,
  right: Node,
  out: Statement[],
): readonly [Operand, Operand] {
  const first = mayChange(body, left, right)
    ? { value: emitOwned(body, left, out), type: typeOfExpression(left, body) }
    : emitOperand(body, left, out)
  const before: Statement[] = []
  const writes = body.writes
  const second = emitOperand(body, right, before)
  const isFirst = before.length === 0 && body.writes === writes
  const settled = isFirst || first.value.kind === 'literal' ? first : keptOperand(body, first, out)
  out.push(...before)
  return [settled, second]
}

/** An operand that statements come behind which are emitted already. */
function keptOperand(body: BodyContext, { value, type }: Operand, out: Statement[]): Operand {
  return { value: kept(body, value, out), type }
}

function emitUnary(body: BodyContext, node: UnaryExpression, out: Statement[]): Operand {
  const { program } = body
  const operand = emitOperand(body, node.operand, out)
  const at = positionLiteral(node.position)
  if (node.operator === '!') return { value: emitNot(body, operand, at), type: 'boolean' }
  if (operand.type === 'double') {
    return node.operator === '-' ? { value: unary('-', operand.value), type: 'double' } : operand
  }
  if (node.operator === '-' && operand.apart !== undefined) {
    return negated(body, operand.apart(), at)
  }
  const name = node.operator === '-' ? 'negate' : 'plus'
  const value = program.callMachine(name, identifier(RUN), operand.value, at)
  return operand.type === 'float'
    ? { value: member(value, 'value'), type: 'double' }
    : { value, type: 'unknown' }
}

function negated(body: BodyContext, parts: Apart, at: Expression): Operand {
  return mappedFloat(body, parts, {
    float: (number) => unary('-', number),
    general: (value) => body.program.callMachine('negate', identifier(RUN), value, at),
  })
}

function emitNot(body: BodyContext, operand: Operand, at: Expression): Expression {
  const value = boxed(body, operand)
  if (operand.type === 'boolean') return not(value)
  const setup = isRepeatable(value) ? undefined : assign(body.temporary(), value)
  const tested = setup?.kind === 'assign' ? setup.target : value
  const isBoolean = binary('===', unary('typeof ', tested), literal('boolean'))
  const general = body.program.callMachine('not', identifier(RUN), tested, at)
  const result = conditional(isBoolean, not(tested), general)
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
  const { program } = body
  if (before.length === 0) return conditional(program.isUnit(assign(result, left)), right, result)
  out.push(evaluate(assign(result, left)))
  out.push(ifElse(program.isUnit(result), [...before, evaluate(assign(result, right))]))
  return result
}

function emitInterpolated(
  body: BodyContext,
  node: InterpolatedString,
  out: Statement[],
): Expression {
  const isFolded = node.parts.every((part) => part.kind === 'string' || isKnown(body, part))
  const texts = emitInOrder(
    body,
    node.parts.map((part) => (before: Statement[]) => {
      if (part.kind === 'string') return literal(part.value)
      const folded = isFolded ? foldedText(body, part) : undefined
      if (folded !== undefined) return literal(folded)
      const value = emitBorrowed(body, onlyExpression(part) ?? part, before)
      const at = positionLiteral(part.position)
      return body.program.callMachine('textOf', identifier(RUN), value, at)
    }),
    out,
  )
  const [first = literal(''), ...others] = texts.filter((each) => !isEmptyText(each))
  const text = others.reduce((left, right) => binary('+', left, right), first)
  const at = positionLiteral(node.position)
  return body.program.callMachine('checkedText', identifier(RUN), text, at)
}

const isEmptyText = (text: Expression): boolean => text.kind === 'literal' && text.value === ''

/** The expression in a block that holds nothing else. */
function onlyExpression({ statement }: StatementExpression): Node | undefined {
  if (statement.kind !== 'block' || statement.statements.length !== 1) return undefined
  const [only] = statement.statements
  return only?.kind === 'expression' ? only.expression : undefined
}

/** Whether a part is computed while compiling: only a string of nothing else is put together then. */
function isKnown(body: BodyContext, part: StatementExpression): boolean {
  const expression = onlyExpression(part)
  if (expression?.kind !== 'variable') return isConstant(part)
  return body.unit.references.get(expression)?.literal !== undefined
}

/** The text of `${[1, 'a']}` and of `${CONSTANT}`, known while compiling. */
function foldedText(body: BodyContext, part: StatementExpression): string | undefined {
  const expression = onlyExpression(part)
  if (expression === undefined) return undefined
  if (expression.kind !== 'variable') return constantText(expression)
  const value = body.unit.references.get(expression)?.literal
  return value && constantText(value)
}
