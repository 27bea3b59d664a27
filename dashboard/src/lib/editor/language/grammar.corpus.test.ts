/**
 * The grammar against all recorded programs: those that compile have no error nodes, and no text
 * takes long.
 */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parser } from './generated/parser.ts'

interface Case {
  readonly id: string
  readonly script: string
  readonly expect: { readonly phase?: string }
}

const CORPUS = new URL('../../../../../packages/rhai/test/corpus/', import.meta.url)

const cases = ['core', 'stdlib', 'gen', 'differential'].flatMap((name) =>
  readFileSync(new URL(`${name}.jsonl`, CORPUS), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Case),
)
const compiling = cases.filter(({ expect: { phase } }) => phase !== 'parse')

function hasErrors(source: string): boolean {
  let found = false
  parser.parse(source).iterate({
    enter: ({ type }) => {
      found ||= type.isError
    },
  })
  return found
}

it('reads every recorded program that compiles without an error node', () => {
  expect(compiling.length).toBeGreaterThan(4_900)
  expect(compiling.filter(({ script }) => hasErrors(script)).map(({ id }) => id)).toEqual([])
})

it('still reads the rest of a program when a statement is broken', () => {
  const tree = parser.parse('let a = ;\nfn f(b { 1 }\nfn g(c) { c }\nlet d = [1, 2;\nfn h() { 3 }')
  expect(tree.toString().match(/FunctionDefinition/g)).toHaveLength(3)
})

/**
 * The editor stops parsing between two steps when it has taken its time, so a text may take long as
 * a whole; it must be no more than some steps for each character.
 */
const STEPS_MAX = 40
const TEXT_CHARACTERS = 3_000

function stepsOf(source: string): number {
  const parse = parser.startParse(source)
  let steps = 1
  while (parse.advance() === null && steps <= source.length * STEPS_MAX) steps += 1
  return steps
}

it.each([
  ...['(', '[', '#{', '{', '|', '||', '`${', '/*', '"', "'", '#"', '##', '|a|', '!', '-', '..'],
  ...['if ', 'else ', 'switch a {', 'fn f(', 'a::', 'a.', 'a(', '=> ', ', ', ')', '}', '@', '\\'],
  ...['let ', 'return ', 'a ?? ', '1..', '/**/', '\u{1f600}', '\n'],
])('comes to an end with %j again and again', (piece) => {
  const source = piece.repeat(TEXT_CHARACTERS / piece.length)
  expect(stepsOf(source)).toBeLessThan(source.length * STEPS_MAX)
})

it('comes to an end with programs that are cut off or have holes', () => {
  for (const [index, { script }] of cases.entries()) {
    if (index % 5 !== 0) continue
    const at = (index * 7919) % (script.length + 1)
    for (const source of [script.slice(0, at), script.slice(at) + script.slice(0, at)]) {
      expect(stepsOf(source)).toBeLessThanOrEqual(source.length * STEPS_MAX + 1)
    }
  }
})
