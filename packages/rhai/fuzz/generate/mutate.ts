/**
 * Sources that are nearly right: others, changed a little.
 *
 * Sources are cut into pieces that look like tokens. The cutting need not be right, as whatever
 * comes out is a test.
 *
 * @module
 */
import type { Random } from '../random.ts'
import { OPERATORS } from './grammar.ts'
import { CHARS, EDGE_INTEGERS, FLOATS, STRINGS } from './literals.ts'

/** A literal is as long as its source allows, whatever the limit of strings is in the run. */
const SOURCE_LENGTH_MAX = 8000
const CHANGES_MAX = 4
const REPEATS = [2, 10, 63, 64, 65, 200, 1500]

const PIECE = /"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'])'|\d[\w.]*|\w+|\s+|[^\w\s]/gsu

const OTHER_LITERALS = ['()', 'true', '[]', '#{}', '|x| x', '0..3', '[[[]]]', 'this', 'blob(3)']

const HUGE = [
  '99999999999999999999999999',
  '1e999',
  '1e-999',
  `0x${'f'.repeat(40)}`,
  `${'9'.repeat(400)}.5`,
  '-9223372036854775809',
]

const WORDS = [
  'let',
  'const',
  'if',
  'else',
  'switch',
  'for',
  'in',
  'while',
  'do',
  'until',
  'loop',
  'break',
  'continue',
  'return',
  'throw',
  'try',
  'catch',
  'fn',
  'private',
  'import',
  'export',
  'as',
  'global',
  'this',
  'Fn',
  'call',
  'curry',
  'eval',
  'is_def_var',
  'is_def_fn',
  'type_of',
  'print',
  'debug',
  'exit',
  'await',
  'yield',
  'static',
  'new',
  'goto',
  'null',
]

const SYMBOLS = [
  ...OPERATORS,
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '#{',
  ';',
  ',',
  '.',
  '?.',
  '?[',
  ':',
  '::',
  '=',
  '+=',
  '**=',
  '<<=',
  '=>',
  '..',
  '..=',
  '_',
  '|',
  '||',
  '!',
  '-',
  '/*',
  '*/',
  '//',
  '///',
  '`',
  '${',
  '"',
  "'",
  '\\',
  '@',
  '~',
  '#"',
  '"#',
]

const CHARACTERS = [
  'é',
  '日',
  '😀',
  '\u0301',
  '\u200d',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\ud800',
  '\udc00',
  '\0',
  '\r',
  '\r\n',
  '\u00a0',
  '\x7f',
  '\uffff',
]

/** What is put around something, again and again. */
const NESTS: readonly (readonly [string, string])[] = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['#{a:', '}'],
  ['-', ''],
  ['!', ''],
  ['|x| ', ''],
  ['if true {', '}'],
  ['loop { break ', '}'],
  ['switch 1 { _ => ', '}'],
  ['try {', '} catch {}'],
  ['`${', '}`'],
  ['1 + ', ''],
  ['2 ** ', ''],
  ['() ?? ', ''],
  ['abs(', ')'],
  ['"" + ', ''],
  ['fn f() {', '}'],
  ['/*', '*/'],
]

const TAILS = [
  '.to_string()',
  '.len',
  '[0]',
  '.a',
  '?.a',
  ' + 1',
  '(1)',
  ' = 1',
  '.a.b().c',
  ' && true',
]

export function piecesOf(source: string): readonly string[] {
  return source.match(PIECE) ?? []
}

/** A source with a few changes; `other` gives it parts. */
export function mutate(random: Random, source: string, other: string): string {
  let text = source
  const count = random.between(1, CHANGES_MAX)
  for (let i = 0; i < count; i++) {
    text = random.pick(CHANGES)(random, text, other).slice(0, SOURCE_LENGTH_MAX)
  }
  return text
}

/** Tokens without any grammar. */
export function tokenSoup(random: Random): string {
  const names = ['x', 'y', 'x', 'f', ...WORDS]
  const literals = [...EDGE_INTEGERS, ...FLOATS, ...STRINGS, ...CHARS, ...OTHER_LITERALS]
  const length = random.between(1, 40)
  return Array.from({ length }, () =>
    random.pick(random.pick([names, SYMBOLS, literals, SYMBOLS])),
  ).join(random.pick(['', ' ', ' ', '\n']))
}

/** Text without any meaning. */
export function randomText(random: Random): string {
  const length = random.between(0, 120)
  const bytes = Uint8Array.from({ length }, () => random.below(256))
  if (random.chance(0.4)) return new TextDecoder().decode(bytes)
  const unitMax = random.pick([0x7f, 0xff, 0xffff])
  return String.fromCharCode(...Array.from(bytes, () => random.between(0, unitMax)))
}

type Change = (random: Random, source: string, other: string) => string

const CHANGES: readonly Change[] = [
  swapPieces,
  splice,
  deletePieces,
  duplicatePieces,
  truncate,
  (random, source, other) => replacePiece(random, source, random.pick([...piecesOf(other), '1'])),
  (random, source) => replacePiece(random, source, random.pick(OTHER_LITERALS)),
  (random, source) => replacePiece(random, source, random.pick(EDGE_INTEGERS)),
  (random, source) => replacePiece(random, source, random.pick(HUGE)),
  (random, source) => replacePiece(random, source, random.pick(WORDS)),
  (random, source) => insert(random, source, ` ${random.pick(WORDS)} `),
  (random, source) => insert(random, source, random.pick(SYMBOLS)),
  (random, source) => insert(random, source, random.pick(CHARACTERS)),
  replaceLiteral,
  replaceOperator,
  nest,
  (random, source) => insert(random, source, random.pick(TAILS).repeat(random.pick(REPEATS))),
]

function swapPieces(random: Random, source: string): string {
  const pieces = [...piecesOf(source)]
  const first = random.below(pieces.length)
  const second = random.below(pieces.length)
  const held = pieces[first] ?? ''
  pieces[first] = pieces[second] ?? ''
  pieces[second] = held
  return pieces.join('')
}

function splice(random: Random, source: string, other: string): string {
  const separator = random.pick(['\n', ';', ' '])
  const head = source.split(separator)
  const tail = other.split(separator)
  const kept = head.slice(0, random.between(0, head.length))
  return [...kept, ...tail.slice(random.below(tail.length))].join(separator)
}

function deletePieces(random: Random, source: string): string {
  const pieces = [...piecesOf(source)]
  pieces.splice(random.below(pieces.length), random.between(1, 4))
  return pieces.join('')
}

function duplicatePieces(random: Random, source: string): string {
  const pieces = [...piecesOf(source)]
  const start = random.below(pieces.length)
  const part = pieces.slice(start, start + random.between(1, 12))
  pieces.splice(random.below(pieces.length), 0, ...part)
  return pieces.join('')
}

function truncate(random: Random, source: string): string {
  return source.slice(0, random.below(source.length + 1))
}

function replacePiece(random: Random, source: string, replacement: string): string {
  const pieces = [...piecesOf(source)]
  pieces[random.below(pieces.length)] = replacement
  return pieces.join('')
}

function replaceLiteral(random: Random, source: string): string {
  const literal = /^(?:\d|["'`]|true$|false$)/
  const replacement = random.pick([STRINGS, FLOATS, CHARS, EDGE_INTEGERS, OTHER_LITERALS])
  return replaceOneOf(random, source, literal, random.pick(replacement))
}

function replaceOperator(random: Random, source: string): string {
  return replaceOneOf(random, source, /^[-+*/%<>=&|^!]$/, random.pick(OPERATORS))
}

function replaceOneOf(random: Random, source: string, wanted: RegExp, replacement: string): string {
  const pieces = [...piecesOf(source)]
  const places = pieces.flatMap((piece, index) => (wanted.test(piece) ? [index] : []))
  if (places.length > 0) pieces[random.pick(places)] = replacement
  return pieces.join('')
}

function insert(random: Random, source: string, text: string): string {
  const at = random.below(source.length + 1)
  return source.slice(0, at) + text + source.slice(at)
}

function nest(random: Random, source: string): string {
  const [before, after] = random.pick(NESTS)
  const count = random.pick(REPEATS)
  const pieces = [...piecesOf(source)]
  const at = random.below(pieces.length)
  const closing = random.chance(0.8) ? after.repeat(count) : after
  pieces[at] = before.repeat(count) + (pieces[at] ?? '') + closing
  return pieces.join('')
}
