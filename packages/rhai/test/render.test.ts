/**
 * What a person sees of an error.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, diagnose, RhaiError, render } from '../src/index.ts'

function shown(source: string): string[] {
  return render(failureOf(source), source).split('\n')
}

function failureOf(source: string): RhaiError {
  try {
    compile(source).instantiate().run()
  } catch (error) {
    if (error instanceof RhaiError) return error
    throw error
  }
  throw new Error('The script does not fail')
}

describe('an error is shown', () => {
  it('with its line and a mark under its token', () => {
    expect(shown('let a = 1;\nlet x = nil;')).toEqual([
      "'nil' is a reserved keyword",
      '  2 | let x = nil;',
      '    |         ^^^',
    ])
  })

  it('with every call it came through, innermost first', () => {
    expect(shown('fn half(x) {\n  [][x]\n}\nfn g(x) { half(x) }\ng(1)')).toEqual([
      'Array index 1 out of bounds: array is empty',
      '  2 |   [][x]',
      '    |      ^',
      "in call to function 'half'",
      '  4 | fn g(x) { half(x) }',
      '    |           ^^^^',
      "in call to function 'g'",
      '  5 | g(1)',
      '    | ^',
    ])
  })

  it('with the calls only where the error itself has no position', () => {
    expect(shown('fn f(n) { 1 / n }\nf(0)')).toEqual([
      'Division by zero: 1 / 0',
      "in call to function 'f'",
      '  2 | f(0)',
      '    | ^',
    ])
  })

  it('with one line for the same call over and over', () => {
    const lines = shown('fn f(n) {\n  if n == 0 { throw 1 }\n  f(n - 1)\n}\nf(30)')
    expect(lines[3]).toBe("in call to function 'f' (30 times)")
    expect(lines).toHaveLength(9)
  })

  it('without the middle of a long way', () => {
    const lines = shown(
      'fn f(n) { if n == 0 { throw 1 }\n g(n - 1) }\nfn g(n) { if n == 0 { throw 1 }\n f(n - 1) }\nf(30)',
    )
    expect(lines).toContain('... 22 more calls ...')
    expect(lines.at(-2)).toBe('  5 | f(30)')
    expect(lines).toHaveLength(1 + 2 + 9 * 3 + 1)
  })

  it('without a line that is not one of the script', () => {
    expect(shown('eval("1 +\\n nope +")')).toEqual([
      'Syntax error: Script is incomplete',
      '  (line 2, position 8 of the evaluated text)',
      "in call to function 'eval'",
      '  1 | eval("1 +\\n nope +")',
      '    |      ^^^^^^^^^^^^^^',
    ])
    expect(shown('parse_json("{")')[1]).toBe('  (line 1, position 2 of the evaluated text)')
  })

  it('without a line when it has no position, or one that is nowhere', () => {
    const init = { phase: 'eval', kind: 'ErrorRuntime', text: 'lost' } as const
    expect(render(new RhaiError(init), 'x')).toBe('lost')
    const outside = new RhaiError({ ...init, line: 9, column: 2 })
    expect(render(outside, 'x')).toBe('lost\n  (line 9, position 2)')
  })

  it('in the source of the module it happened in', () => {
    const inner = new RhaiError({
      phase: 'eval',
      kind: 'ErrorRuntime',
      text: 'no',
      line: 2,
      column: 3,
    })
    const text = "no @ 'lib' (line 2, position 3)\nin call to function 'f' (from 'lib')"
    const error = new RhaiError({
      phase: 'eval',
      kind: 'ErrorInFunctionCall',
      text,
      line: 1,
      column: 1,
      cause: inner,
    })
    const options = {
      moduleSource: (path: string) => (path === 'lib' ? 'fn f() {\n  throw 1\n}' : undefined),
    }
    expect(render(error, 'lib::f()', options).split('\n')).toEqual([
      'no',
      "  'lib':",
      '  2 |   throw 1',
      '    |   ^^^^^',
      "in call to function 'f' (from 'lib')",
      '  1 | lib::f()',
      '    | ^^^',
    ])
    expect(render(error, 'lib::f()').split('\n')[1]).toBe("  (line 2, position 3 of 'lib')")
  })

  it('as a diagnostic too', () => {
    const source = 'fn f() { return 1; 2 }\nf()'
    const [warning] = diagnose(source)
    expect(warning && render(warning, source).split('\n')).toEqual([
      "This code is never reached: the 'return' above always leaves",
      '  1 | fn f() { return 1; 2 }',
      '    |                    ^',
    ])
  })
})

describe('the mark stands under its token', () => {
  const NAME = 'zz'

  function columnsOf(source: string): { readonly line: string; readonly mark: string } {
    const [, line = '', mark = ''] = shown(source)
    return { line, mark }
  }

  it.each([
    ['behind tabs', '\t\tzz', '  1 |         zz', '    |         ^^'],
    ['behind a tab in the line', '1;\tzz', '  1 | 1;  zz', '    |     ^^'],
    ['behind wide characters', '"日本語" + zz', '  1 | "日本語" + zz', '    |            ^^'],
    ['behind an emoji', '"😀" + zz', '  1 | "😀" + zz', '    |        ^^'],
    ['behind combining characters', '"e\u0301" + zz', '  1 | "e\u0301" + zz', '    |       ^^'],
    [
      'behind what must not be shown',
      '"\x1b\u202e" + zz',
      '  1 | "\ufffd\ufffd" + zz',
      '    |        ^^',
    ],
    ['after line ends of other systems', '1;\r\nzz\r\n', '  2 | zz', '    | ^^'],
    ['under wide characters', '变', '  1 | 变', '    | ^^'],
  ])('%s', (_name, source, line, mark) => {
    expect(columnsOf(source)).toEqual({ line, mark })
  })

  it('whatever stands around it', () => {
    const filler = fc.stringMatching(/^[ -!#-[\]-~]{0,300}$/)
    fc.assert(
      fc.property(filler, filler, (left, right) => {
        const source = `"${left}" + ${NAME} + "${right}"`
        const { line, mark } = columnsOf(source)
        const at = mark.indexOf('^')
        expect(line.slice(at, at + NAME.length)).toBe(NAME)
        expect(line.length).toBeLessThanOrEqual('  1 | '.length + 100)
        expect(mark.slice(at)).toBe('^^')
      }),
    )
  })

  it('in a line that is too long to show', () => {
    const { line, mark } = columnsOf(`"${'x'.repeat(5000)}" + zz + "${'y'.repeat(5000)}"`)
    expect(line).toMatch(/^ {2}1 \| …x+" \+ zz \+ "y+…$/)
    expect(line.indexOf('zz')).toBe(mark.indexOf('^'))
  })

  it('and is cut with a token that is too long to show', () => {
    const { line, mark } = columnsOf('a'.repeat(5000))
    expect(line).toBe(`  1 | ${'a'.repeat(99)}…`)
    expect(mark).toBe(`    | ${'^'.repeat(100)}`)
  })
})

it('lets no text of a script act on a terminal', () => {
  const lines = shown('throw "a\\x1b[31m\\nb\\u202e"')
  expect(lines.slice(0, 2)).toEqual(['Runtime error: a\ufffd[31m', 'b\ufffd'])
  expect(shown(`throw "${'x'.repeat(10_000)}"`)[0]?.length).toBeLessThan(4100)
})
