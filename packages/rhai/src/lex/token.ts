/**
 * The one token the lexer stands at.
 *
 * It is filled in place, token after token, so that lexing allocates nothing but the texts.
 *
 * @module
 */
import type { LexFailure } from './lex-failure.ts'
import { TokenKind } from './token-kind.ts'

export class Token {
  kind: TokenKind = TokenKind.End
  line = 1
  column = 1
  /** Indexes into the source: of the first code unit, and of the one after the last. */
  start = 0
  end = 0
  /** Name, reserved word or symbol, or the contents of a string or character. */
  text = ''
  /** Of an integer (a bigint only beyond the safe range) or a float. */
  value: number | bigint = 0
  /** Of a failure. */
  failure: LexFailure = { kind: 'UnexpectedInput', text: '' }
  /** Doc comments between the previous token and this one. */
  documentation: readonly string[] = []

  /** Keeps what is wrong; the kind is for the caller to pass on. */
  fail(failure: LexFailure): TokenKind {
    this.failure = failure
    return TokenKind.Failure
  }
}
