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
import {
  type Apart,
  boxed,
  double,
  isMark,
  type Operand,
  operandApart,
  unknown,
} from './operand.ts'
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
    if (test === undefined) return unknown(result)
    return likelyFloat(body, floatResult(body, operator, a, b), (float) => {
      const others = float === undefined ? rest : conditional(float.test, float.result, rest)
      return conditional(test, result, others)
    })
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
    const test = allOf(ofBoth(a, b, numberTest))
    const result = binary(operator, heldBy(a), heldBy(b))
    const others = isApart(a) || isApart(b) ? comparedFloats(body, operator, a, b, rest) : rest
    return unknown(test === undefined ? result : conditional(test, result, others))
  }).value
}

function comparedFloats(
  body: BodyContext,
  operator: ComparisonOperator,
  left: Operand,
  right: Operand,
  rest: Expression,
): Expression {
  const test = allOf(ofBoth(left, right, (operand) => floatTests(body, operand))) ?? literal(true)
  const name = FLOAT_COMPARISONS[operator]
  return conditional(test, call(body.program.use(name), doubleOf(left), doubleOf(right)), rest)
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

function isApart({ apart }: Operand): boolean {
  return apart !== undefined
}

/** What to look at first; of an operand that was made repeatable, a variable or a literal. */
function heldBy({ value, apart }: Operand): Expression {
  return apart === undefined ? value : apart().held
}

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
  const first = heldOf(left)
  const second = heldOf(right)
  const keep = ({ operand, parts, held }: Held, isSafe: boolean): Operand => {
    if (isSafe) return operand
    const temporary = body.temporary()
    setup.push(assign(temporary, held))
    if (parts === undefined) return { value: temporary, type: operand.type }
    return operandApart(body, { held: temporary, number: parts.number })
  }
  const rightIsSafe = isRepeatable(second.held)
  const leftIsSafe = first.held.kind === 'literal' || (isRepeatable(first.held) && rightIsSafe)
  const a = keep(first, leftIsSafe)
  const b = keep(second, rightIsSafe)
  const { value, type, apart } = emit(a, b)
  const whole = (end: Expression): Expression =>
    setup.length === 0 ? end : sequence(...setup, end)
  if (apart === undefined) return { value: whole(value), type }
  return {
    value: whole(value),
    type,
    apart: (number) => {
      const parts = apart(number)
      return { ...parts, held: whole(parts.held) }
    },
  }
}

interface Held {
  readonly operand: Operand
  readonly parts: Apart | undefined
  readonly held: Expression
}

function heldOf(operand: Operand): Held {
  const parts = operand.apart?.()
  return { operand, parts, held: parts?.held ?? operand.value }
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
  const a = heldBy(left)
  const b = heldBy(right)
  const types = ofBoth(left, right, numberTest)
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

interface FloatCase {
  readonly test: Expression
  /** A JavaScript number. */
  readonly number: Expression
}

/** Two floats, or one and an integer; undefined when the operands cannot be that. */
function floatResult(
  body: BodyContext,
  operator: ArithmeticOperator,
  left: Operand,
  right: Operand,
): FloatCase | undefined {
  if (isIntegerType(left.type) && isIntegerType(right.type)) return undefined
  const test = allOf(ofBoth(left, right, (operand) => floatTests(body, operand))) ?? literal(true)
  return { test, number: binary(operator, doubleOf(left), doubleOf(right)) }
}

/** A result that is a float in one case: boxed there, or left apart. */
function likelyFloat(
  body: BodyContext,
  float: FloatCase | undefined,
  emit: (float?: { readonly test: Expression; readonly result: Expression }) => Expression,
): Operand {
  if (float === undefined) return unknown(emit())
  const { test, number } = float
  return {
    value: emit({ test, result: construct(body.program.use('Float'), number) }),
    type: 'unknown',
    apart: (given) => {
      const variable = given ?? body.numberTemporary()
      const result = sequence(assign(variable, number), body.program.use('FLOAT_APART'))
      return { held: emit({ test, result }), number: variable }
    },
  }
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
  return likelyFloat(body, { test, number: result }, (float) =>
    float === undefined ? rest.value : conditional(float.test, float.result, rest.value),
  )
}

/** The number in a float, or in an operand that was tested with {@link floatTest}. */
function doubleOf(operand: Operand): Expression {
  if (operand.apart !== undefined) return operand.apart().number
  return operand.type === 'unknown' ? member(operand.value, 'value') : double(operand)
}

function numberTest(operand: Operand): Expression[] {
  if (operand.type === 'small') return []
  return [binary('===', unary('typeof ', heldBy(operand)), literal('number'))]
}

/** That the operand is a float, or an integer that JavaScript converts to one by itself. */
function floatTests(body: BodyContext, operand: Operand): Expression[] {
  if (isFloat(operand)) return []
  if (isIntegerType(operand.type)) return numberTest(operand)
  if (operand.apart !== undefined) return [isMark(body.program, operand.apart().held)]
  return [binary('instanceof', operand.value, body.program.use('Float'))]
}

/** Tests of two repeatable operands, which may be one variable. */
function ofBoth(
  left: Operand,
  right: Operand,
  testsOf: (operand: Operand) => Expression[],
): Expression[] {
  const a = heldBy(left)
  const b = heldBy(right)
  const isSame = a.kind === 'identifier' && b.kind === 'identifier' && a.name === b.name
  return isSame ? testsOf(left) : [...testsOf(left), ...testsOf(right)]
}

function nonZeroTest(divisor: Expression): Expression[] {
  if (divisor.kind !== 'literal') return [binary('!==', divisor, literal(0))]
  return divisor.value === 0 ? [literal(false)] : []
}

function allOf(tests: readonly Expression[]): Expression | undefined {
  const [first, ...others] = tests
  return first && others.reduce(both, first)
}
