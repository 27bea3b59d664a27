/**
 * A value while it is being computed with.
 *
 * A FLOAT known as one is a `double`: a JavaScript number, not yet an object. It becomes a value of
 * the language by {@link boxed}, which is put off until something keeps it or looks at its type.
 *
 * @module
 */

import type { Expression as Node } from '../../parse/ast.ts'
import { construct, type Expression, member } from '../javascript/javascript.ts'
import type { ProgramContext } from '../program-context.ts'
import { type KnownType, type TypeSource, typeOfExpression } from './value-types.ts'

export interface Operand {
  readonly value: Expression
  readonly type: KnownType | 'double'
}

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

/** The operand as a value of the language. */
export function boxed(body: { readonly program: ProgramContext }, operand: Operand): Expression {
  if (operand.type !== 'double') return operand.value
  return construct(body.program.use('Float'), operand.value)
}

/** A float as a JavaScript number, whichever way it is at hand. */
export function double(operand: Operand): Expression {
  return operand.type === 'float' ? member(operand.value, 'value') : operand.value
}
