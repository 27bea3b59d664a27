/**
 * A megabyte of anything that nests ends in a result or an error of the language, and soon.
 */
import { describe, expect, it } from 'vitest'
import { check, compile, RhaiError } from '../src/index.ts'

const MEGABYTE = 1_000_000
const SECONDS_MAX = 20

/** So much of a text that it makes a megabyte. */
const filledWith = (part: string): string => part.repeat(Math.ceil(MEGABYTE / part.length))

const SOURCES: readonly (readonly [string, string])[] = [
  ...['(', '[', '{', '#{a:', '!', '-', '- ', '||', '|a|', '`${', '/*', '"${'].map(
    (part) => [`only ${part}`, filledWith(part)] as const,
  ),
  ...['if x {', 'fn f() {', 'while x {', 'switch x { 1 => ', 'try {', 'loop {', 'f('].map(
    (part) => [`only ${part}`, filledWith(part)] as const,
  ),
  ['properties', `let a = #{}; a${filledWith('.b')}`],
  ['properties that may be missing', `let a = #{}; a${filledWith('?.b')}`],
  ['indexes', `let a = []; a${filledWith('[0]')}`],
  ['method calls', `let a = 1; a${filledWith('.f()')}`],
  ['a sum', `1${filledWith('+1')}`],
  ['a sum of texts', `"a"${filledWith('+"a"')}`],
  ['a comparison', `1${filledWith('==1')}`],
  ['a conjunction', `true${filledWith('&&true')}`],
  ['a power', `1${filledWith('**1')}`],
  ['fallbacks', `()${filledWith('??()')}`],
  ['assignments', `let a = 1; ${filledWith('a=')}1`],
  ['else if', `if false {}${filledWith(' else if false {}')}`],
  ['parentheses in pairs', `${'('.repeat(MEGABYTE / 2)}1${')'.repeat(MEGABYTE / 2)}`],
  ['arrays in pairs', `${'['.repeat(MEGABYTE / 2)}${']'.repeat(MEGABYTE / 2)}`],
  ['blocks in pairs', `${'{'.repeat(MEGABYTE / 2)}${'}'.repeat(MEGABYTE / 2)}`],
  ['comments in pairs', `${'/*'.repeat(MEGABYTE / 4)}${'*/'.repeat(MEGABYTE / 4)}`],
  ['texts in texts', `${'`${'.repeat(MEGABYTE / 5)}1${'}`'.repeat(MEGABYTE / 5)}`],
  ['closures in closures', `${'|a| '.repeat(MEGABYTE / 4)}1`],
  ['a long switch', `switch 1 {${filledWith('_=>1,')}}`],
  ['modules', `${filledWith('a::')}b`],
  ['variables', `${filledWith('let a=1;')}a`],
  ['names', `let ${filledWith('a')} = 1`],
  ['digits', filledWith('1')],
]

describe('a megabyte of', () => {
  it.each(SOURCES)('%s has an end', { timeout: SECONDS_MAX * 1000 }, (_name, source) => {
    for (const work of [check, runWhole]) {
      try {
        work(source)
      } catch (error) {
        if (!(error instanceof RhaiError)) throw error
        expect(error.text).not.toBe('')
        expect(error.kind).not.toBe('ErrorSystem')
      }
    }
  })

  it.each(SOURCES)(
    '%s is no crash inside eval',
    { timeout: SECONDS_MAX * 1000 },
    (_name, source) => {
      const program = compile('eval(text)', { globals: ['text'] }).instantiate()
      try {
        program.run({ globals: { text: source }, limits: { operationsMax: 100_000_000 } })
      } catch (error) {
        if (!(error instanceof RhaiError)) throw error
        expect(error.kind).not.toBe('ErrorSystem')
      }
    },
  )
})

function runWhole(source: string): void {
  compile(source)
    .instantiate()
    .run({ limits: { operationsMax: 10_000_000 } })
}
