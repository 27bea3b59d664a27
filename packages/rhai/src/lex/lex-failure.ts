/**
 * What can be wrong with a piece of source text before there is any grammar.
 *
 * A failure is a token like others: the parser decides when (and whether) it becomes an error.
 * Kinds and wording are the reference's.
 *
 * @module
 */

import type { RhaiErrorLimit } from '../rhai-error.ts'

type LexFailureKind =
  | 'UnexpectedInput'
  | 'UnterminatedString'
  | 'MalformedEscapeSequence'
  | 'MalformedNumber'
  | 'MalformedChar'
  | 'MalformedIdentifier'
  | 'ImproperSymbol'
  | 'StringTooLong'

export interface LexFailure {
  readonly kind: LexFailureKind
  readonly text: string
  /** The reference gives this one no position. */
  readonly isNowhere?: true
  /** Of a text that is well written, but longer than it may be. */
  readonly limit?: RhaiErrorLimit
}

export const UNTERMINATED_STRING: LexFailure = {
  kind: 'UnterminatedString',
  text: 'Open string is not terminated',
}

/** A back-tick string that ends with the script right after an interpolation. */
export const NOTHING_AFTER_INTERPOLATION: LexFailure = { ...UNTERMINATED_STRING, isNowhere: true }

export function unexpectedInput(text: string): LexFailure {
  return { kind: 'UnexpectedInput', text: `Unexpected '${text}'` }
}

export function malformedEscape(sequence: string): LexFailure {
  return { kind: 'MalformedEscapeSequence', text: `Invalid escape sequence: '${sequence}'` }
}

export function malformedNumber(text: string): LexFailure {
  return { kind: 'MalformedNumber', text: `Invalid number: '${text}'` }
}

export function malformedCharacter(text: string): LexFailure {
  return { kind: 'MalformedChar', text: `Invalid character: '${text}'` }
}

export function malformedIdentifier(name: string): LexFailure {
  return { kind: 'MalformedIdentifier', text: `Variable name is not proper: '${name}'` }
}

export function improperSymbol(text: string): LexFailure {
  return { kind: 'ImproperSymbol', text }
}

export function stringTooLong(stringBytesMax: number): LexFailure {
  const limit = { name: 'stringBytesMax', value: stringBytesMax }
  return { kind: 'StringTooLong', text: 'Length of string', limit }
}
