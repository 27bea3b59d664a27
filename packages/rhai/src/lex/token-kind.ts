/**
 * The kinds of token, as small integers so that tables and `switch` stay fast.
 *
 * Promises: {@link TOKEN_TEXT} spells every symbol and keyword exactly as scripts write it.
 * Knows nothing of characters or of grammar.
 *
 * @module
 */

export const TokenKind = {
  // What carries a value of its own.
  End: 0,
  Failure: 1,
  Integer: 2,
  Float: 3,
  Character: 4,
  String: 5,
  /** Text of a back-tick string up to `${`; the block follows. */
  InterpolatedString: 6,
  Identifier: 7,
  /** A word or symbol the language keeps for itself. */
  Reserved: 8,

  // Brackets and punctuation.
  LeftBrace: 9,
  RightBrace: 10,
  LeftParen: 11,
  RightParen: 12,
  LeftBracket: 13,
  RightBracket: 14,
  Unit: 15,
  MapStart: 16,
  Semicolon: 17,
  Colon: 18,
  DoubleColon: 19,
  DoubleArrow: 20,
  Underscore: 21,
  Comma: 22,
  Period: 23,
  Elvis: 24,
  QuestionBracket: 25,

  // Operators.
  Plus: 26,
  Minus: 27,
  Multiply: 28,
  Divide: 29,
  Modulo: 30,
  Power: 31,
  ShiftLeft: 32,
  ShiftRight: 33,
  Bang: 34,
  Equal: 35,
  NotEqual: 36,
  Less: 37,
  LessOrEqual: 38,
  Greater: 39,
  GreaterOrEqual: 40,
  Pipe: 41,
  Or: 42,
  Ampersand: 43,
  And: 44,
  Xor: 45,
  Coalesce: 46,
  ExclusiveRange: 47,
  InclusiveRange: 48,
  In: 49,
  NotIn: 50,

  // Assignments.
  Assign: 51,
  PlusAssign: 52,
  MinusAssign: 53,
  MultiplyAssign: 54,
  DivideAssign: 55,
  ModuloAssign: 56,
  PowerAssign: 57,
  ShiftLeftAssign: 58,
  ShiftRightAssign: 59,
  AndAssign: 60,
  OrAssign: 61,
  XorAssign: 62,

  // Keywords.
  True: 63,
  False: 64,
  Let: 65,
  Const: 66,
  If: 67,
  Else: 68,
  Switch: 69,
  Do: 70,
  While: 71,
  Until: 72,
  Loop: 73,
  For: 74,
  Continue: 75,
  Break: 76,
  Return: 77,
  Throw: 78,
  Try: 79,
  Catch: 80,
  Fn: 81,
  Private: 82,
  Import: 83,
  Export: 84,
  As: 85,
} as const

export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind]

/** Spelling by kind; `''` for kinds whose text differs from token to token. */
export const TOKEN_TEXT: readonly string[] = [
  ...['', '', '', '', '', '', '', '', ''],
  ...['{', '}', '(', ')', '[', ']', '()', '#{', ';', ':', '::', '=>', '_', ',', '.', '?.', '?['],
  ...['+', '-', '*', '/', '%', '**', '<<', '>>', '!', '==', '!=', '<', '<=', '>', '>='],
  ...['|', '||', '&', '&&', '^', '??', '..', '..=', 'in', '!in'],
  ...['=', '+=', '-=', '*=', '/=', '%=', '**=', '<<=', '>>=', '&=', '|=', '^='],
  ...['true', 'false', 'let', 'const', 'if', 'else', 'switch', 'do', 'while', 'until', 'loop'],
  ...['for', 'continue', 'break', 'return', 'throw', 'try', 'catch', 'fn', 'private'],
  ...['import', 'export', 'as'],
]
