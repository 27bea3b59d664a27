/**
 * Elements of arrays, read and written in place.
 *
 * An array and a position inside it are the common case and need no call. Everything else (other
 * receivers, negative and bad positions, arrays that share their items) goes to the machine.
 *
 * @module
 */

import type { BodyContext } from '../body-context.ts'
import {
  assign,
  binary,
  both,
  conditional,
  type Expression,
  either,
  literal,
  member,
  memberAt,
  not,
  sequence,
  unary,
} from '../javascript/javascript.ts'
import { isRepeatable } from './operands.ts'
import { isIntegerType, type KnownType } from './value-types.ts'

/** A position in an array, as emitted and as far as its type is known. */
export interface Key {
  readonly value: Expression
  readonly type: KnownType
}

/** `receiver[key]`; `general` does it for everything that is no element of an array. */
export function elementOf(
  body: BodyContext,
  receiver: Expression,
  key: Key,
  general: (receiver: Expression, key: Expression) => Expression,
): Expression {
  if (!canBePosition(key)) return general(receiver, key.value)
  const setup: Expression[] = []
  const keep = (value: Expression): Expression => {
    if (isRepeatable(value)) return value
    const temporary = body.temporary()
    setup.push(assign(temporary, value))
    return temporary
  }
  const array = keep(receiver)
  const position = keep(key.value)
  const element = memberAt(member(array, 'items'), position)
  const test = isElement(body, array, { value: position, type: key.type })
  const value = conditional(test, element, general(array, position))
  return setup.length === 0 ? value : sequence(...setup, value)
}

/** The array or map at `array[key]` where it can be changed in place; `general` for all others. */
export function elementPlace(
  body: BodyContext,
  array: Expression,
  key: Key,
  general: () => Expression,
): Expression {
  if (!isRepeatable(array) || !isRepeatable(key.value) || !canBePosition(key)) return general()
  const element = memberAt(member(array, 'items'), key.value)
  const held = body.temporary()
  const found = conditional(isOwnElement(body, array, key), element, literal(undefined))
  const isHandle = (type: 'RhaiArray' | 'RhaiMap'): Expression =>
    binary('instanceof', held, body.program.use(type))
  const isContainer = either(isHandle('RhaiArray'), isHandle('RhaiMap'))
  return sequence(assign(held, found), conditional(isContainer, held, general()))
}

/** Whether there is an array with an element at that position; both operands are repeatable. */
function isElement(body: BodyContext, array: Expression, key: Key): Expression {
  const isArray = binary('instanceof', array, body.program.use('RhaiArray'))
  const isInside = binary('<', key.value, member(member(array, 'items'), 'length'))
  return [...positionTests(key), isInside].reduce(both, isArray)
}

/** The same for an element that may be written where it is. */
export function isOwnElement(body: BodyContext, array: Expression, key: Key): Expression {
  return both(isElement(body, array, key), not(member(array, 'shared')))
}

export function canBePosition({ value, type }: Key): boolean {
  if (value.kind === 'literal') return typeof value.value === 'number' && value.value >= 0
  return type === 'unknown' || isIntegerType(type)
}

function positionTests({ value, type }: Key): Expression[] {
  if (value.kind === 'literal') return []
  const isNotNegative = binary('>=', value, literal(0))
  if (type === 'small') return [isNotNegative]
  return [binary('===', unary('typeof ', value), literal('number')), isNotNegative]
}
