/**
 * Operators written in place for numbers.
 *
 * Two small integers are computed in JavaScript, with a check that the result is a safe integer;
 * products, quotients and remainders add 0 so that no `-0` arises. Two floats are computed without
 * a call too, and without objects where they are known to be floats. Everything else goes to the
 * machine, so what stands here is never more than a shortcut.
 *
 * @module
 */

import type { MachineName } from '../../machine/machine.ts'
import type { BodyContext } from '../body-context.ts'
import {
  assign,
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
import { boxed, double, type Operand } from './operand.ts'
import { isRepeatable } from './operands.ts'
import { isIntegerType, type KnownType } from './value-types.ts'

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%'
export type ComparisonOperator = '===' | '!==' | '<' | '<=' | '>' | '>='

/** An operator on operands that can be written several times. */
type Emitted = (left: Expression, right: Expression) => Expression

/** How an operator is done for all other types, and the type of what that gives. */
interface GeneralOperation {
  readonly general: Emitted
  readonly type: KnownType
}

/** `left operator right`, giving an INT or a FLOAT. */
export function inlineArithmetic(
  body: BodyContext,
  operator: ArithmeticOperator,
  left: Operand,
  right: Operand,
  { general, type }: GeneralOperation,
): Operand {
  if (isNoNumber(left) || isNoNumber(right))
    return unknown(general(boxed(body, left), boxed(body, right)))
  if (isPlainDouble(left) && isPlainDouble(right) && (isFloat(left) || isFloat(right))) {
    return { value: binary(operator, double(left), double(right)), type: 'double' }
  }
  return withRepeatable(body, left, right, (a, b) => {
    const rest = general(boxed(body, a), boxed(body, b))
    if (isFloat(a) || isFloat(b)) return floatWithOther(body, operator, a, b, { value: rest, type })
    const { test, result } = integerCase(body, operator, a, b)
    const others = floatCase(body, operator, a, b, rest)
    return unknown(test === undefined ? result : conditional(test, result, others))
  })
}

/** `left operator right`, giving a JavaScript boolean. */
export function inlineComparison(
  body: BodyContext,
  operator: ComparisonOperator,
  left: Operand,
  right: Operand,
  general: Emitted,
): Expression {
  if (isNoNumber(left) || isNoNumber(right)) return general(boxed(body, left), boxed(body, right))
  if (isPlainDouble(left) && isPlainDouble(right) && (isFloat(left) || isFloat(right))) {
    return call(body.program.use(FLOAT_COMPARISONS[operator]), double(left), double(right))
  }
  return withRepeatable(body, left, right, (a, b) => {
    const rest = general(boxed(body, a), boxed(body, b))
    if (isFloat(a) || isFloat(b)) {
      const compared = call(body.program.use(FLOAT_COMPARISONS[operator]), doubleOf(a), doubleOf(b))
      return unknown(
        conditional(allOf(floatTests(body, isFloat(a) ? b : a)) ?? literal(true), compared, rest),
      )
    }
    const test = allOf([...numberTest(a), ...numberTest(b)])
    const result = binary(operator, a.value, b.value)
    return unknown(test === undefined ? result : conditional(test, result, rest))
  }).value
}

/** Floats are compared within a tolerance. */
const FLOAT_COMPARISONS = {
  '===': 'floatEquals',
  '!==': 'floatNotEquals',
  '<': 'floatLess',
  '<=': 'floatLessOrEqual',
  '>': 'floatGreater',
  '>=': 'floatGreaterOrEqual',
} as const satisfies Record<ComparisonOperator, MachineName>

const unknown = (value: Expression): Operand => ({ value, type: 'unknown' })

function isNoNumber({ type }: Operand): boolean {
  return type === 'boolean' || type === 'other'
}

function isFloat({ type }: Operand): boolean {
  return type === 'float' || type === 'double'
}

/** Whether the operand, float or small integer, is a JavaScript number as it is. */
function isPlainDouble(operand: Operand): boolean {
  return isFloat(operand) || operand.type === 'small'
}

/** Saves operands in temporaries where evaluating them twice, or later, could be noticed. */
function withRepeatable(
  body: BodyContext,
  left: Operand,
  right: Operand,
  emit: (left: Operand, right: Operand) => Operand,
): Operand {
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
  const { value, type } = emit(a, b)
  return { value: setup.length === 0 ? value : sequence(...setup, value), type }
}

interface NumberCase {
  /** When the case applies; undefined when it always does. */
  readonly test: Expression | undefined
  readonly result: Expression
}

function integerCase(
  body: BodyContext,
  operator: ArithmeticOperator,
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

/** Two floats, or one and an integer; whatever else the operands are goes to `rest`. */
function floatCase(
  body: BodyContext,
  operator: ArithmeticOperator,
  left: Operand,
  right: Operand,
  rest: Expression,
): Expression {
  if (isIntegerType(left.type) && isIntegerType(right.type)) return rest
  const test = allOf([...floatTests(body, left), ...floatTests(body, right)])
  const float = body.program.use('Float')
  const result = construct(float, binary(operator, doubleOf(left), doubleOf(right)))
  return test === undefined ? result : conditional(test, result, rest)
}

/** A float and something of unknown type, which is a float at best. */
function floatWithOther(
  body: BodyContext,
  operator: ArithmeticOperator,
  left: Operand,
  right: Operand,
  rest: Operand,
): Operand {
  const other = isFloat(left) ? right : left
  const result = binary(operator, doubleOf(left), doubleOf(right))
  const test = allOf(floatTests(body, other)) ?? literal(true)
  if (rest.type === 'float') {
    return { value: conditional(test, result, double(rest)), type: 'double' }
  }
  return unknown(conditional(test, construct(body.program.use('Float'), result), rest.value))
}

/** The number in a float, or in an operand that was tested with {@link floatTest}. */
function doubleOf(operand: Operand): Expression {
  return operand.type === 'unknown' ? member(operand.value, 'value') : double(operand)
}

function numberTest(operand: Operand): Expression[] {
  if (operand.type === 'small') return []
  return [binary('===', unary('typeof ', operand.value), literal('number'))]
}

/** That the operand is a float, or an integer that JavaScript converts to one by itself. */
function floatTests(body: BodyContext, operand: Operand): Expression[] {
  if (isFloat(operand)) return []
  if (isIntegerType(operand.type)) return numberTest(operand)
  return [binary('instanceof', operand.value, body.program.use('Float'))]
}

function nonZeroTest(divisor: Expression): Expression[] {
  if (divisor.kind !== 'literal') return [binary('!==', divisor, literal(0))]
  return divisor.value === 0 ? [literal(false)] : []
}

function allOf(tests: readonly Expression[]): Expression | undefined {
  const [first, ...others] = tests
  return first && others.reduce(both, first)
}
