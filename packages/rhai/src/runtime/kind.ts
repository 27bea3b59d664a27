/**
 * The kinds of values: one small number per type, for dispatch by table and by bit mask.
 *
 * Also the names of the types: `type_of` gives the short one, error messages use the long one for
 * strings, as the reference does.
 *
 * @module
 */
export const KIND = {
  unit: 0,
  bool: 1,
  int: 2,
  float: 3,
  byte: 4,
  char: 5,
  string: 6,
  array: 7,
  blob: 8,
  map: 9,
  range: 10,
  inclusiveRange: 11,
  functionPointer: 12,
  timestamp: 13,
  iterator: 14,
} as const

export type Kind = (typeof KIND)[keyof typeof KIND]

export const KIND_COUNT = 15

/**
 * The kind of a value with a tag around it. It is the type of nothing: no parameter accepts it, so
 * dispatch fails on it and then looks inside.
 */
export const TAGGED = 15

const TYPE_NAMES: readonly string[] = [
  '()',
  'bool',
  'i64',
  'f64',
  'u8',
  'char',
  'string',
  'array',
  'blob',
  'map',
  'range',
  'range=',
  'Fn',
  'timestamp',
  'range',
]

const STRING_IN_SIGNATURES = '&str | ImmutableString | String'

/** The name `type_of` gives to values of a kind. */
export function typeNameOfKind(kind: Kind): string {
  return TYPE_NAMES[kind] ?? ''
}

/** The name a type has in the signatures of error messages. */
export function signatureNameOfKind(kind: Kind): string {
  return kind === KIND.string ? STRING_IN_SIGNATURES : typeNameOfKind(kind)
}

/** The name of a type where the reference shows the one ranges have in its own language. */
export function internalNameOfKind(kind: Kind): string {
  if (kind === KIND.range) return 'core::ops::range::Range<i64>'
  if (kind === KIND.inclusiveRange) return 'core::ops::range::RangeInclusive<i64>'
  return typeNameOfKind(kind)
}
