/**
 * Operators written in place for numbers.
 *
 * Two small integers are computed in JavaScript, with a check that the result is a safe integer;
 * products, quotients and remainders add 0 so that no `-0` arises. Two floats are computed without
 * a call too. Everything else goes to the machine, so what stands here is never more than a
 * shortcut.
 *
 * @module
 */

import type { Expression as Node } from '../../parse/ast.ts'
import type { BodyContext } from '../body-context.ts'
import {
  assign,
  type BinaryOperator,
  binary,
  both,
  call,
  conditional,
  construct,
  type Expression,
  literal,
  member,
  sequence,
  unary,
} from '../javascript/javascript.ts'
import { isRepeatable } from './operands.ts'
import { type KnownType, knownType } from './value-types.ts'

export interface Operand {
  readonly value: Expression
  readonly type: KnownType
}

/** The operand that `value` was emitted for; a literal that came out of a block tells its type. */
export function operandOf(value: Expression, node: Node): Operand {
  if (value.kind !== 'literal') return { value, type: knownType(node) }
  if (typeof value.value === 'boolean') return { value, type: 'boolean' }
  return { value, type: typeof value.value === 'number' ? 'integer' : 'other' }
}

/** An operator on operands that can be written several times. */
type Emitted = (left: Expression, right: Expression) => Expression

/** `left operator right`, giving an INT or a FLOAT; `general` does it for all other types. */
export function inlineArithmetic(
  body: BodyContext,
  operator: '+' | '-' | '*' | '/' | '%',
  left: Operand,
  right: Operand,
  general: Emitted,
): Expression {
  if (isNoNumber(left.type) || isNoNumber(right.type)) return general(left.value, right.value)
  return withRepeatable(body, left, right, (a, b) => {
    const others = floatCase(body, operator, a, b, general(a.value, b.value))
    if (a.type === 'float' || b.type === 'float') return others
    const { test, result } = integerCase(body, operator, a, b)
    return test === undefined ? result : conditional(test, result, others)
  })
}

/** `left operator right`, giving a JavaScript boolean; integers only. */
export function inlineComparison(
  body: BodyContext,
  operator: '===' | '!==' | '<' | '<=' | '>' | '>=',
  left: Operand,
  right: Operand,
  general: Emitted,
): Expression {
  const isOther = (type: KnownType): boolean => isNoNumber(type) || type === 'float'
  if (isOther(left.type) || isOther(right.type)) return general(left.value, right.value)
  return withRepeatable(body, left, right, (a, b) => {
    const result = binary(operator, a.value, b.value)
    const test = allOf([...numberTest(a), ...numberTest(b)])
    return test === undefined ? result : conditional(test, result, general(a.value, b.value))
  })
}

function isNoNumber(type: KnownType): boolean {
  return type === 'boolean' || type === 'other'
}

/** Saves operands in temporaries where evaluating them twice, or later, could be noticed. */
function withRepeatable(
  body: BodyContext,
  left: Operand,
  right: Operand,
  emit: (left: Operand, right: Operand) => Expression,
): Expression {
  const setup: Expression[] = []
  const keep = (operand: Operand, isSafe: boolean): Operand => {
    if (isSafe) return operand
    const temporary = body.temporary()
    setup.push(assign(temporary, operand.value))
    return { value: temporary, type: operand.type }
  }
  const rightIsSafe = isRepeatable(right.value)
  const leftIsSafe = left.value.kind === 'literal' || (isRepeatable(left.value) && rightIsSafe)
  const a = keep(left, leftIsSafe)
  const b = keep(right, rightIsSafe)
  const value = emit(a, b)
  return setup.length === 0 ? value : sequence(...setup, value)
}

interface NumberCase {
  /** When the case applies; undefined when it always does. */
  readonly test: Expression | undefined
  readonly result: Expression
}

function integerCase(
  body: BodyContext,
  operator: '+' | '-' | '*' | '/' | '%',
  left: Operand,
  right: Operand,
): NumberCase {
  const a = left.value
  const b = right.value
  const types = [...numberTest(left), ...numberTest(right)]
  if (operator === '/' || operator === '%') {
    const raw = binary(operator, a, b)
    const whole = operator === '%' ? raw : call(body.program.use('truncate'), raw)
    const result = binary('+', whole, literal(0))
    // A quotient of safe integers is exact after truncation, and safe; only zero is excluded.
    return { test: allOf([...types, ...nonZeroTest(b)]), result }
  }
  const result = body.temporary()
  const raw = binary(operator, a, b)
  const exact = operator === '*' ? binary('+', raw, literal(0)) : raw
  const isNotAbove = binary('<=', assign(result, exact), literal(Number.MAX_SAFE_INTEGER))
  const isNotBelow = binary('>=', result, literal(Number.MIN_SAFE_INTEGER))
  return { test: allOf([...types, both(isNotAbove, isNotBelow)]), result }
}

/** Two floats, or a float and an integer literal; whatever else the operands are goes to `rest`. */
function floatCase(
  body: BodyContext,
  operator: BinaryOperator,
  left: Operand,
  right: Operand,
  rest: Expression,
): Expression {
  if (left.type === 'integer' && right.type === 'integer') return rest
  const float = body.program.use('Float')
  const test = allOf([...floatTest(left, float), ...floatTest(right, float)])
  const result = construct(float, binary(operator, rawFloat(left), rawFloat(right)))
  return test === undefined ? result : conditional(test, result, rest)
}

function rawFloat(operand: Operand): Expression {
  return operand.type === 'integer' ? operand.value : member(operand.value, 'value')
}

function numberTest(operand: Operand): Expression[] {
  if (operand.type === 'integer') return []
  return [binary('===', unary('typeof ', operand.value), literal('number'))]
}

function floatTest(operand: Operand, float: Expression): Expression[] {
  if (operand.type === 'integer' || operand.type === 'float') return []
  return [binary('instanceof', operand.value, float)]
}

function nonZeroTest(divisor: Expression): Expression[] {
  if (divisor.kind !== 'literal') return [binary('!==', divisor, literal(0))]
  return divisor.value === 0 ? [literal(false)] : []
}

function allOf(tests: readonly Expression[]): Expression | undefined {
  const [first, ...others] = tests
  return first && others.reduce(both, first)
}
