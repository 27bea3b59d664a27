/**
 * How tightly binary operators bind, and what each makes.
 *
 * The numbers are the reference's (rhai 1.26, src/tokenizer.rs). Two of its choices surprise people
 * coming from other languages: shifts bind tightest of all, and `|` and `^` sit with `||`.
 *
 * @module
 */
import { TokenKind } from '../../lex/token-kind.ts'

/** What every operator binds tighter than: the start of an expression. */
export const LOWEST_PRECEDENCE = 1

const TABLE = new Uint8Array(128)

function set(precedence: number, ...kinds: readonly TokenKind[]): void {
  for (const kind of kinds) TABLE[kind] = precedence
}

set(30, TokenKind.Or, TokenKind.Xor, TokenKind.Pipe)
set(60, TokenKind.And, TokenKind.Ampersand)
set(90, TokenKind.Equal, TokenKind.NotEqual)
set(110, TokenKind.In, TokenKind.NotIn)
set(130, TokenKind.Less, TokenKind.LessOrEqual, TokenKind.Greater, TokenKind.GreaterOrEqual)
set(135, TokenKind.Coalesce)
set(140, TokenKind.ExclusiveRange, TokenKind.InclusiveRange)
set(150, TokenKind.Plus, TokenKind.Minus)
set(180, TokenKind.Multiply, TokenKind.Divide, TokenKind.Modulo)
set(190, TokenKind.Power)
set(210, TokenKind.ShiftLeft, TokenKind.ShiftRight)

/** 0 for a token that is no binary operator. */
export function precedenceOf(kind: TokenKind): number {
  return TABLE[kind] ?? 0
}

/** `2 ** 3 ** 2` is `2 ** (3 ** 2)`; every other operator binds to the left. */
export function bindsRight(kind: TokenKind): boolean {
  return kind === TokenKind.Power
}
