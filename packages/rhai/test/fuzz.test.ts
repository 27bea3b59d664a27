/**
 * A little fuzzing on every test run, and proof that the fuzzer sees what it looks for.
 *
 * `npm run -s rhai:fuzz` does the same for as long as one wants.
 */
import { describe, expect, it } from 'vitest'
import { type Engine, RHAI_ENGINE } from '../fuzz/engine.ts'
import { examine } from '../fuzz/examine.ts'
import { generateProgram } from '../fuzz/generate/generator.ts'
import { Random } from '../fuzz/random.ts'
import { shrink } from '../fuzz/shrink.ts'
import { sourceStream } from '../fuzz/source-stream.ts'
import {
  check,
  compile,
  makeArray,
  makeBlob,
  makeMap,
  RhaiArray,
  RhaiError,
  RhaiMap,
  type RunOptions,
  type RunResult,
  type Value,
} from '../src/index.ts'
import { Tagged } from '../src/runtime/value.ts'

const SEED = 20
const PROGRAMS = 200

describe('random programs', () => {
  it('find no defect', () => {
    const stream = sourceStream(SEED)
    for (let index = 0; index < PROGRAMS; index++) {
      const source = stream.sourceAt(index)
      expect(examine(source, RHAI_ENGINE), `program ${index}:\n${source}`).toBeUndefined()
    }
  })

  it('are the same for the same seed, and others for another', () => {
    const sources = (seed: number) =>
      [0, 1, 2, 3].map((index) => sourceStream(seed).sourceAt(index))
    expect(sources(SEED)).toEqual(sources(SEED))
    expect(sources(SEED)).not.toEqual(sources(SEED + 1))
  })

  it('mostly compile where they are generated', () => {
    const compiles = (index: number): boolean => {
      try {
        check(generateProgram(new Random(SEED, index)))
        return true
      } catch {
        return false
      }
    }
    const indexes = Array.from({ length: 100 }, (_, index) => index)
    expect(indexes.filter(compiles).length).toBeGreaterThan(90)
  })
})

describe('examining', () => {
  const signatureOf = (broken: Partial<Engine>, source = '1'): string | undefined =>
    examine(source, { ...RHAI_ENGINE, ...broken })?.signature

  const running = (run: (options: RunOptions) => RunResult): Partial<Engine> => ({
    compile: () => ({ code: '', instantiate: () => ({ run }) }),
  })
  const giving = (value: Value) => running(() => ({ value, operations: 1 }))
  const fails = (): never => {
    throw new TypeError('broken')
  }

  it.each(['canonicalText', 'check', 'compile', 'describe', 'diagnose', 'fromJson', 'toJsonText'])(
    'sees that %s throws what is no error of the language',
    (name) => {
      expect(signatureOf({ [name]: fails })).toContain('TypeError: broken')
    },
  )

  it('sees that rendering an error fails', () => {
    expect(signatureOf({ render: fails }, 'let x = ;')).toContain('render: TypeError')
    expect(signatureOf({ render: fails }, '1 / 0')).toContain('render: TypeError')
  })

  it('sees that a run fails, in JavaScript or in the engine', () => {
    expect(signatureOf(running(fails))).toContain('run: TypeError')
    const failure = { phase: 'eval', kind: 'ErrorSystem', text: 'x', cause: new TypeError('y') }
    const throwing = running(() => {
      throw new RhaiError({ ...failure, phase: 'eval' })
    })
    expect(signatureOf(throwing)).toContain('run: TypeError: y')
  })

  it('sees that the parts of the engine disagree', () => {
    expect(signatureOf({ check: () => {} }, 'let x = ;')).toBe('check and describe disagree')
    expect(signatureOf({ diagnose: () => [] }, 'let x = ;')).toBe('check and diagnose disagree')
    const refuses = () => compile('let x = ;')
    expect(signatureOf({ compile: refuses })).toBe('check and compile disagree')
  })

  it.each([
    ['a string too long', 'x'.repeat(8193)],
    ['an array too long', makeArray(Array.from({ length: 1001 }, () => 1))],
    ['a blob too long', makeBlob(new Uint8Array(8193))],
    ['a map too large', makeMap(Array.from({ length: 101 }, (_, n) => [`k${n}`, n] as const))],
    ['something too long deep inside', makeArray([makeMap([['a', 'x'.repeat(8193)]])])],
    ['a number that is no INT', 0.5],
    ['negative zero', -0],
    ['an INT of more than 64 bits', 2n ** 64n],
    ['a small INT as a bigint', 1n],
    ['a lone surrogate', '\ud800'],
    ['a tag that is none', new RhaiArray([new Tagged(1, 0)])],
    ['an object of JavaScript', JSON.parse('{"a": 1}') as Value],
  ])('sees %s', (_name, value) => {
    expect(signatureOf(giving(value))).toMatch(/^flaw: /)
  })

  it('sees runs that differ', () => {
    let count = 0
    expect(signatureOf(running(() => ({ value: count++, operations: 1 })))).toBe(
      'two runs of a program differ',
    )
    const others = { compile: () => ({ code: '', instantiate: () => giverOf(count++) }) }
    const giverOf = (value: Value) => ({ run: () => ({ value, operations: 1 }) })
    expect(signatureOf(others)).toBe('runs of two programs differ')
  })

  it('sees state that runs share', () => {
    const shared = makeArray([])
    const growing = running(() => {
      shared.items.push(1)
      return { value: shared, operations: 1 }
    })
    expect(signatureOf(growing, 'time')).toBe('a run changed the value of the run before')
    const changing = running(({ globals }) => {
      const request = globals?.request
      if (request instanceof RhaiMap) request.table?.set('new', 1)
      return { value: 1, operations: 1 }
    })
    expect(signatureOf(changing)).toBe('a run changed a value of the host')
  })

  it('sees limits that do not hold and prototypes that change', () => {
    expect(signatureOf(running(() => ({ value: 1, operations: 50_000 })))).toBe(
      'more operations than allowed',
    )
    const polluting = running(() => {
      Object.assign(Object.prototype, { polluted: 1 })
      return { value: 1, operations: 1 }
    })
    expect(signatureOf(polluting)).toBe('prototype changed')
    Reflect.deleteProperty(Object.prototype, 'polluted')
  })

  it('sees JSON that is not valid or changes on its way', () => {
    expect(signatureOf({ toJsonText: () => '{a: 1}' })).toContain('fromJson: SyntaxError')
    let count = 0
    expect(signatureOf({ toJsonText: () => String(count++) })).toBe('JSON changes on its way')
  })
})

describe('shrinking', () => {
  it('keeps what makes a program fail', () => {
    const source = 'let a = 1;\nlet b = [1, 2, 3];\nif a > 0 {\n  b.push(a / 0);\n}\nb'
    const fails = (text: string) => text.includes('/ 0')
    expect(shrink(source, fails, performance.now() + 5000)).toBe('/ 0')
  })

  it('answers the source when there is no time', () => {
    expect(shrink('a\nb', () => true, performance.now() - 1)).toBe('a\nb')
  })
})
