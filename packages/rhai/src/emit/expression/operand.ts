/**
 * A value while it is being computed with.
 *
 * A FLOAT known as one is a `double`: a JavaScript number, not yet an object. It becomes a value of
 * the language by {@link boxed}, which is put off until something keeps it or looks at its type.
 * A value of unknown type that is likely a float can come {@link Apart}, which puts it off too.
 *
 * @module
 */

import type { Expression as Node } from '../../parse/ast.ts'
import {
  assign,
  binary,
  conditional,
  construct,
  type Expression,
  member,
  sequence,
} from '../javascript/javascript.ts'
import type { ProgramContext } from '../program-context.ts'
import { type KnownType, type TypeSource, typeOfExpression } from './value-types.ts'

export interface Operand {
  readonly value: Expression
  readonly type: KnownType | 'double'
  /**
   * The same, to be emitted in place of `value`: floats made while computing are not boxed. The
   * float goes into `number`, a variable of its own, if none is given into a new one.
   */
  readonly apart?: (number?: Expression) => Apart
}

/** A value of unknown type in two parts, so that a float in it needs no box. */
export interface Apart {
  /** The value; or the mark, and then it is the float in `number`. */
  readonly held: Expression
  /** A JavaScript variable, to be read when `held` is evaluated. */
  readonly number: Expression
}

export const unknown = (value: Expression): Operand => ({ value, type: 'unknown' })

/** The operand that `value` was emitted for; a literal that came out of a block tells its type. */
export function operandOf(source: TypeSource, value: Expression, node: Node): Operand {
  if (value.kind !== 'literal') return { value, type: typeOfExpression(node, source) }
  return { value, type: LITERAL_TYPES[typeof value.value] ?? 'other' }
}

/** The type of the value that the operand is, boxed or not. */
export function typeOfOperand({ type }: Operand): KnownType {
  return type === 'double' ? 'float' : type
}

const LITERAL_TYPES: Readonly<Record<string, KnownType>> = {
  boolean: 'boolean',
  number: 'small',
  bigint: 'integer',
}

/** A value whose parts are in variables. */
export function operandApart(
  { program }: { readonly program: ProgramContext },
  { held, number }: Apart,
): Operand {
  const box = construct(program.use('Float'), number)
  const value = conditional(isMark(program, held), box, held)
  return { value, type: 'unknown', apart: () => ({ held, number }) }
}

/** Whether a value came as the mark that says its float is apart. */
export function isMark(program: ProgramContext, held: Expression): Expression {
  return binary('===', held, program.use('FLOAT_APART'))
}

/** How a function of one value is done: for a float as a JavaScript number, and for all values. */
interface OfOne {
  readonly float: (number: Expression) => Expression
  readonly general: (value: Expression) => Expression
}

/** A function from float to float, of a value that is likely one. */
export function mappedFloat(
  body: {
    readonly program: ProgramContext
    temporary(): Expression
    numberTemporary(): Expression
  },
  parts: Apart,
  { float, general }: OfOne,
): Operand {
  const { program } = body
  const isSaved = parts.held.kind === 'identifier'
  const held = isSaved ? parts.held : body.temporary()
  const { number } = parts
  const rest = general(held)
  const whole = (result: Expression): Expression => {
    const value = conditional(isMark(program, held), result, rest)
    return isSaved ? value : sequence(assign(held, parts.held), value)
  }
  return {
    value: whole(construct(program.use('Float'), float(number))),
    type: 'unknown',
    apart: (given) => {
      const variable = given ?? body.numberTemporary()
      const result = sequence(assign(variable, float(number)), program.use('FLOAT_APART'))
      return { held: whole(result), number: variable }
    },
  }
}

/** The operand as a value of the language. */
export function boxed(body: { readonly program: ProgramContext }, operand: Operand): Expression {
  if (operand.type !== 'double') return operand.value
  return construct(body.program.use('Float'), operand.value)
}

/** A float as a JavaScript number, whichever way it is at hand. */
export function double(operand: Operand): Expression {
  return operand.type === 'float' ? member(operand.value, 'value') : operand.value
}
