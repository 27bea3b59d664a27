/**
 * Operators on values: which function of the machine each is, and which are written in place.
 *
 * @module
 */

import type { MachineName } from '../../machine/machine.ts'
import type { AssignmentOperator, BinaryOperator } from '../../parse/ast.ts'
import type { BodyContext } from '../body-context.ts'
import { call, type Expression, identifier, unary } from '../javascript/javascript.ts'
import { RUN } from '../program-context.ts'
import {
  type ArithmeticOperator,
  type ComparisonOperator,
  inlineArithmetic,
  inlineComparison,
} from './inline-numbers.ts'
import { boxed, type Operand, typeOfOperand } from './operand.ts'
import { type KnownType, typeOfOperation } from './value-types.ts'

const PLAIN = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
  '**': 'power',
  '<<': 'shiftLeft',
  '>>': 'shiftRight',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '==': 'equals',
  '!=': 'notEquals',
  '<': 'less',
  '<=': 'lessOrEqual',
  '>': 'greater',
  '>=': 'greaterOrEqual',
  in: 'isIn',
  '!in': 'isIn',
} as const satisfies Record<BinaryOperator, MachineName>

const COMPOUND = {
  '+=': 'addAssign',
  '-=': 'subtractAssign',
  '*=': 'multiplyAssign',
  '/=': 'divideAssign',
  '%=': 'moduloAssign',
  '**=': 'powerAssign',
  '<<=': 'shiftLeftAssign',
  '>>=': 'shiftRightAssign',
  '&=': 'andAssign',
  '|=': 'orAssign',
  '^=': 'xorAssign',
} as const satisfies Record<Exclude<AssignmentOperator, '='>, MachineName>

export type CompoundOperator = keyof typeof COMPOUND

/** Operators that have a compound form, for `x = x op y`. */
export function compoundOf(operator: BinaryOperator): CompoundOperator | undefined {
  const candidate = `${operator}=`
  return isCompound(candidate) && operator !== '==' && operator !== '<=' ? candidate : undefined
}

function isCompound(text: string): text is CompoundOperator {
  return Object.hasOwn(COMPOUND, text)
}

/** `left operator right`. The operands are evaluated once each, left first. */
export function binaryOperation(
  body: BodyContext,
  operator: BinaryOperator,
  left: Operand,
  right: Operand,
  at: Expression,
): Operand {
  const general = (a: Expression, b: Expression): Expression =>
    call(body.program.use(PLAIN[operator]), identifier(RUN), a, b, at)
  const compared = (inline: ComparisonOperator): Operand => ({
    value: inlineComparison(body, inline, left, right, general),
    type: 'boolean',
  })
  switch (operator) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return inlineArithmetic(body, operator, left, right, {
        general,
        type: typeOfResult(operator, left, right),
      })
    case '==':
      return compared('===')
    case '!=':
      return compared('!==')
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compared(operator)
    case 'in':
    case '!in': {
      const isIn = general(boxed(body, left), boxed(body, right))
      return { value: operator === 'in' ? isIn : unary('!', isIn), type: 'boolean' }
    }
    default:
      return { value: general(boxed(body, left), boxed(body, right)), type: 'unknown' }
  }
}

function typeOfResult(operator: ArithmeticOperator, left: Operand, right: Operand): KnownType {
  return typeOfOperation(operator, typeOfOperand(left), () => typeOfOperand(right))
}

/** The new value of `target operator= value`. A target of unknown type may have a tag to keep. */
export function compoundOperation(
  body: BodyContext,
  operator: CompoundOperator,
  target: Operand,
  value: Operand,
  at: Expression,
): Operand {
  const general = (a: Expression, b: Expression): Expression =>
    call(body.program.use(COMPOUND[operator]), identifier(RUN), a, b, at)
  const base = operator.slice(0, -1)
  if (base === '+' || base === '-' || base === '*' || base === '/' || base === '%') {
    const type = target.type === 'unknown' ? 'unknown' : typeOfResult(base, target, value)
    return inlineArithmetic(body, base, target, value, { general, type })
  }
  return { value: general(boxed(body, target), boxed(body, value)), type: 'unknown' }
}
