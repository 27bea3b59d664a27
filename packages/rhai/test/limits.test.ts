/**
 * Every limit holds at its edge, and no script can catch it.
 */
import { describe, expect, it } from 'vitest'
import { compile, RhaiError, type RunLimits, type Value } from '../src/index.ts'

function run(source: string, limits: Partial<RunLimits> = {}): Value {
  return compile(source).instantiate().run({ limits }).value
}

function failure(source: string, limits: Partial<RunLimits> = {}): RhaiError {
  try {
    run(source, limits)
  } catch (error) {
    if (error instanceof RhaiError) return error
    throw error
  }
  throw new Error('the script did not fail')
}

describe('operations', () => {
  const LOOPS = [
    'loop {}',
    'while true {}',
    'do {} while true',
    'let x = 0; loop { x += 1 }',
    'let n = 0; for i in 0..9223372036854775807 { n = i }',
    'let n = 0; for i in range(0, 9223372036854775807, 1) { n = i }',
    'fn f(n) { if n > 0 { f(n - 1); f(n - 1) } } f(60)',
    'let a = []; loop { a.push(1); if a.len > 9 { a.clear() } }',
    'let f = |g, n| if n > 0 { g.call(g, n - 1); g.call(g, n - 1) }; f.call(f, 50)',
    'loop { try { throw 1 } catch {} }',
    'loop { [3, 2, 1].sort() }',
    'let s = "x"; loop { s.len(); }',
    'loop { eval("1") }',
  ]

  it.each(LOOPS)('%s ends', (source) => {
    const error = failure(source, { operationsMax: 20_000 })
    expect(error.kind).toBe('ErrorTooManyOperations')
    expect(error.limit).toEqual({ name: 'operationsMax', value: 20_000 })
  })

  it('allows exactly as many as a run uses', () => {
    const source = 'let s = 0; for i in 0..100 { s += i } s'
    const program = compile(source).instantiate()
    const { operations } = program.run()
    expect(program.run({ limits: { operationsMax: operations } }).operations).toBe(operations)
    expect(failure(source, { operationsMax: operations - 1 }).kind).toBe('ErrorTooManyOperations')
  })

  it('cannot be caught', () => {
    const source = 'let n = 0; loop { try { loop { n += 1 } } catch { } }'
    expect(failure(source, { operationsMax: 1000 }).kind).toBe('ErrorTooManyOperations')
  })

  it('reports the work done before the failure', () => {
    const error = failure('loop {}', { operationsMax: 1000 })
    expect(error.operations).toBe(1000)
  })
})

describe('depth of calls', () => {
  const DEEP = 'fn f(n) { if n > 1 { f(n - 1) } else { 0 } } '

  it('allows 64 calls inside each other and no more', () => {
    expect(run(`${DEEP} f(64)`)).toBe(0)
    expect(failure(`${DEEP} f(65)`).kind).toBe('ErrorStackOverflow')
  })

  it('can be set', () => {
    expect(run(`${DEEP} f(10)`, { callDepthMax: 10 })).toBe(0)
    expect(failure(`${DEEP} f(11)`, { callDepthMax: 10 }).kind).toBe('ErrorStackOverflow')
  })

  it('cannot be caught, and points at the outermost call', () => {
    const error = failure(`fn f() { f() }\ntry { f() } catch { }`)
    expect(error.toString()).toBe('Stack overflow (line 2, position 7)')
  })

  it('counts calls through natives and pointers', () => {
    const source = 'let f = |g| [1].map(|x| g.call(g)); f.call(f)'
    expect(failure(source).kind).toBe('ErrorStackOverflow')
  })

  it('gives a Rhai error when JavaScript runs out of stack first', () => {
    const error = failure('fn f() { f() } f()', { callDepthMax: 1_000_000 })
    expect(error.kind).toBe('ErrorStackOverflow')
  })
})

describe('sizes', () => {
  it.each([
    ['string', 'let s = "ab"; s += s; s += s; s', { stringBytesMax: 8 }, { stringBytesMax: 7 }],
    ['text', `let s = "abcd"; \`\${s}\${s}\``, { stringBytesMax: 8 }, { stringBytesMax: 7 }],
    [
      'array',
      'let a = []; for i in 0..8 { a.push(i) } a',
      { arrayItemsMax: 8 },
      { arrayItemsMax: 7 },
    ],
    ['literal', 'let a = [1, 2, 3]; a.len()', { arrayItemsMax: 3 }, { arrayItemsMax: 2 }],
    [
      'map',
      `let m = #{}; for i in 0..8 { m[\`\${i}\`] = i } m`,
      { mapEntriesMax: 8 },
      { mapEntriesMax: 7 },
    ],
  ])('of a %s are held', (_name, source, enough, tooFew) => {
    expect(() => run(source, enough)).not.toThrow()
    expect(failure(source, tooFew).kind).toBe('ErrorDataTooLarge')
    expect(failure(`try { ${source} } catch { }`, tooFew).kind).toBe('ErrorDataTooLarge')
  })
})

describe('source', () => {
  it('may be as long as its limit', () => {
    expect(() => compile('12345', { limits: { sourceBytesMax: 5 } })).not.toThrow()
    expect(() => compile('123456', { limits: { sourceBytesMax: 5 } })).toThrow(RhaiError)
  })
})

describe('scripts too deep for JavaScript', () => {
  const DEPTH = 20_000

  it.each([
    ['chain', `let m = #{}; m${'.a'.repeat(DEPTH)}`],
    ['else if', `if false {}${' else if false {}'.repeat(DEPTH)}`],
    ['index', `let a = []; a${'[0]'.repeat(DEPTH)}`],
    ['method calls', `let s = "x"; s${'.to_string()'.repeat(DEPTH)}`],
  ])('fail with an error of the language: %s', (_name, source) => {
    expect(() => compile(source).instantiate().run()).toThrow(RhaiError)
  })
})
