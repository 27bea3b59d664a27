/**
 * Words the language gives a meaning to, or keeps for later.
 *
 * @module
 */
import { TOKEN_TEXT, TokenKind } from './token-kind.ts'

/** How a reserved word may still be called. */
export type ReservedUse = 'never' | 'function' | 'function or method'

const FIRST_KEYWORD = TokenKind.True

export const KEYWORDS: ReadonlyMap<string, TokenKind> = new Map([
  ['in', TokenKind.In],
  ['_', TokenKind.Underscore],
  ...TOKEN_TEXT.slice(FIRST_KEYWORD).map(
    (word, offset) => [word, (FIRST_KEYWORD + offset) as TokenKind] as const,
  ),
])

const NEVER_CALLED = [
  ...['async', 'await', 'case', 'default', 'go', 'goto', 'is', 'match', 'module', 'new', 'nil'],
  ...['null', 'package', 'protected', 'public', 'shared', 'spawn', 'static', 'super', 'sync'],
  ...['this', 'thread', 'use', 'var', 'void', 'with', 'yield'],
]
const CALLED_AS_FUNCTION = ['Fn', 'debug', 'eval', 'is_def_fn', 'is_def_var', 'print']
const CALLED_EITHER_WAY = ['call', 'curry', 'is_shared', 'type_of']

export const RESERVED_WORDS: ReadonlyMap<string, ReservedUse> = new Map<string, ReservedUse>([
  ...NEVER_CALLED.map((word) => [word, 'never'] as const),
  ...CALLED_AS_FUNCTION.map((word) => [word, 'function'] as const),
  ...CALLED_EITHER_WAY.map((word) => [word, 'function or method'] as const),
])

const NAME = /^_*[A-Za-z][A-Za-z0-9_]*$/

/** Whether a function can have that name. */
export function isFunctionName(text: string): boolean {
  return NAME.test(text) && !KEYWORDS.has(text) && !RESERVED_WORDS.has(text)
}
