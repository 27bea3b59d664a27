/**
 * Every limit holds at its edge, and no script can catch it.
 */
import { describe, expect, it } from 'vitest'
import {
  type CompileLimits,
  check,
  compile,
  diagnose,
  RhaiError,
  type RunLimits,
  type Value,
} from '../src/index.ts'

function run(source: string, limits: Partial<RunLimits> = {}): Value {
  return compile(source).instantiate().run({ limits }).value
}

function failure(source: string, limits: Partial<RunLimits> = {}): RhaiError {
  return failureOf(() => run(source, limits))
}

function failureOf(work: () => unknown): RhaiError {
  try {
    work()
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

describe('variables', () => {
  const FUNCTION = 'fn f(a, b) { let c = 1; { let d = 2; let e = 3; } for x in 0..1 { } c } f(1, 2)'
  const CLOSURE = 'let a = 1; let f = |b, c| { let d = a; b + c + d }; f.call(1, 2)'

  it.each([
    ['of a script', 'let a = 1; const B = 2; { let c = 3; } let c = a; c', 3, 27],
    ['of a function', FUNCTION, 5, FUNCTION.indexOf('f(1, 2)') + 1],
    ['of a closure, with what it captures', CLOSURE, 4, CLOSURE.indexOf('call') + 1],
    ['of a loop', 'let a = 0; for (x, i) in 0..1 { let b = x; } a', 4, 33],
    ['of a catch', 'let a = 0; try { throw 1 } catch (e) { let b = 1; } a', 3, 40],
    ['declared again in one block', 'let a = 1; let a = 2; let b = 3; b', 2, 23],
    ['found by name', 'let a = 1; let b = 2; eval("a"); let c = 3; c', 3, 34],
    ['found by name in a function', 'fn f(a) { let b = 1; eval("a + b") } f(1)', 2, 38],
    ['of a loop that are found by name', 'for (x, i) in 0..1 { eval("x"); }', 2, 6],
  ])('%s are counted', (_name, source, most, column) => {
    expect(() => run(source)).not.toThrow()
    expect(() => run(source, { variablesMax: most })).not.toThrow()
    const error = failure(source, { variablesMax: most - 1 })
    expect(error.kind).toBe('ErrorTooManyVariables')
    expect(error.toString()).toBe(`Too many variables defined (line 1, position ${column})`)
    expect(error.limit).toEqual({ name: 'variablesMax', value: most - 1 })
  })

  it.each([
    'fn f(a, b, c) { 1 } try { f(1, 2, 3) } catch { }',
    'let f = |a, b, c| { 1 }; try { f.call(1, 2, 3) } catch { }',
    'try { [1].map(|a, b| { let c = 1; }) } catch { }',
    'try { eval("let a = 1; let b = 2; let c = 3;") } catch { }',
    'try { eval("fn_of(1)"); let a = 1; let b = 2; let c = 3; } catch { } fn fn_of(a) { }',
  ])('cannot be caught: %s', (source) => {
    expect(() => run(source)).not.toThrow()
    expect(failure(source, { variablesMax: 2 }).kind).toBe('ErrorTooManyVariables')
  })

  it('count for each call, so recursion does not add them up', () => {
    const source = 'fn f(n) { let m = n - 1; if m > 0 { f(m) } else { m } } f(30)'
    expect(run(source, { variablesMax: 2 })).toBe(0)
  })

  it('leave the depth of calls its limit', () => {
    const source = 'fn many(a, b, c) { } fn f(n) { if n > 1 { f(n - 1) } else { 0 } } '
    const limits = { variablesMax: 2, callDepthMax: 10 }
    expect(run(`${source} f(10)`, limits)).toBe(0)
    expect(failure(`${source} f(11)`, limits).kind).toBe('ErrorStackOverflow')
  })

  it('of another run of the program have their own limit', () => {
    const program = compile('fn f(a, b) { a + b } f(1, 2)').instantiate()
    expect(() => program.run({ limits: { variablesMax: 1 } })).toThrow('Too many variables')
    expect(program.run().value).toBe(3)
    expect(() => program.run({ limits: { variablesMax: 1 } })).toThrow('Too many variables')
  })
})

describe('output', () => {
  it.each([
    ['print("ab"); debug("c");', { outputBytesMax: 5 }, { outputBytesMax: 4 }],
    ['print("é"); print("é");', { outputBytesMax: 4 }, { outputBytesMax: 3 }],
    ['print(""); debug(""); print("");', { outputEntriesMax: 3 }, { outputEntriesMax: 2 }],
  ])('of %s is held', (source, enough, tooFew) => {
    expect(() => run(source, enough)).not.toThrow()
    for (const text of [source, `try { ${source} } catch { }`]) {
      const error = failure(text, tooFew)
      expect(error.kind).toBe('ErrorDataTooLarge')
      expect([error.limit?.name, error.limit?.value]).toEqual(Object.entries(tooFew)[0])
      expect(error.text).toMatch(/^(Length of output|Number of outputs) too large$/)
    }
  })

  it('gets nothing of what is too long, and starts anew with each run', () => {
    const program = compile('print("abc"); print("d")').instantiate()
    for (const _ of [1, 2]) {
      const seen: string[] = []
      const print = (text: string): void => void seen.push(text)
      expect(() => program.run({ limits: { outputBytesMax: 3 }, print })).toThrow()
      expect(seen).toEqual(['abc'])
    }
  })
})

describe('what JavaScript cannot hold', () => {
  it.each([
    ['let s = "x"; loop { s += s; }', 'Length of string too large'],
    ['let s = "x"; s.pad(5000000000, "y");', 'Length of string too large'],
    ['blob(9007199254740992);', 'Size of array/BLOB too large'],
  ])('is too large: %s', (source, text) => {
    for (const each of [source, `try { ${source} } catch { }`, `fn f() { ${source} } f()`]) {
      const error = failure(each)
      expect(error.kind).toBe('ErrorDataTooLarge')
      expect(error.text).toBe(text)
    }
  })
})

function refusal(source: string, limits: Partial<CompileLimits>): RhaiError {
  for (const work of [check, compile]) {
    try {
      work(source, { limits })
    } catch (error) {
      if (work === compile && error instanceof RhaiError) return error
      continue
    }
    throw new Error('the source was not refused')
  }
  throw new Error('the source was refused with no error of the language')
}

describe('sources', () => {
  const LITERAL_TOO_LONG = 'Length of string exceeds the maximum limit (3)'
  const ARRAY_TOO_LONG = 'Size of array literal exceeds the maximum limit (3)'
  const MAP_TOO_LONG = 'Number of properties in object map literal exceeds the maximum limit (3)'
  const TOO_MANY_FUNCTIONS = 'Number of functions defined exceeds maximum limit'
  const TOO_DEEP = 'Expression exceeds maximum complexity'

  it.each<[keyof CompileLimits, number, string, string, string, string]>([
    [
      'functionsMax',
      2,
      'fn f() {} fn g() {}',
      'fn f() {} fn g() {} fn h() {}',
      TOO_MANY_FUNCTIONS,
      '1, position 21',
    ],
    [
      'functionsMax',
      2,
      'let f = || |x| x;',
      'fn f() {} let f = || |x| x;',
      TOO_MANY_FUNCTIONS,
      '1, position 22',
    ],
    ['stringBytesMax', 3, '"abc"', ' "abcd"', LITERAL_TOO_LONG, '1, position 2'],
    ['stringBytesMax', 3, '"\\u00e9a"', '"éé"', LITERAL_TOO_LONG, '1, position 1'],
    ['stringBytesMax', 3, `\`abc\${1}abc\``, `\`abc\${1}abcd\``, LITERAL_TOO_LONG, '1, position 9'],
    ['stringBytesMax', 3, '#"abc"#', '#"abcd"#', LITERAL_TOO_LONG, '1, position 1'],
    ['arrayItemsMax', 3, '[1, 2, 3,]', '[1, 2, 3, 4]', ARRAY_TOO_LONG, '1, position 11'],
    ['mapEntriesMax', 3, '#{a:1,b:2,c:3,}', '#{a:1,b:2,c:3,d:4}', MAP_TOO_LONG, '1, position 17'],
    ['expressionDepthMax', 7, '((1))', '(((1)))', TOO_DEEP, '1, position 4'],
    [
      'functionExpressionDepthMax',
      7,
      'fn f() { (1) }',
      'fn f() { ((1)) }',
      TOO_DEEP,
      '1, position 12',
    ],
    ['sourceBytesMax', 3, '123', '1234', 'Script is longer than 3 bytes', ''],
  ])('are held to %s', (name, value, allowed, refused, text, position) => {
    expect(() => compile(allowed, { limits: { [name]: value } })).not.toThrow()
    const error = refusal(refused, { [name]: value })
    expect(error.phase).toBe('parse')
    expect(error.limit).toEqual({ name, value })
    expect(error.toString()).toBe(position === '' ? text : `${text} (line ${position})`)
    expect(() => compile(refused)).not.toThrow()
  })

  it.each<[keyof CompileLimits, number, string]>([
    ['sourceBytesMax', 60, `"${'x'.repeat(70)}"`],
    ['expressionDepthMax', 8, '((((((1))))))'],
    ['functionsMax', 1, '|x| |y| x'],
    ['stringBytesMax', 20, '"123456789012345678901"'],
    ['arrayItemsMax', 3, '[1, 2, 3, 4]'],
    ['mapEntriesMax', 3, '#{a: 1, b: 2, c: 3, d: 4}'],
  ])('met while running are held to %s, and that cannot be caught', (name, value, text) => {
    const source = 'try { eval(text) } catch { }'
    const program = compile(source, { globals: ['text'], limits: { [name]: value } }).instantiate()
    const error = failureOf(() => program.run({ globals: { text } }))
    expect(error.limit).toEqual({ name, value })
    expect(error.phase).toBe('eval')
  })

  it('with far too many functions are told about once', () => {
    const source = Array.from({ length: 9 }, (_, index) => `fn f${index}() {}`).join('\n')
    const found = diagnose(source, { limits: { functionsMax: 3 } })
    expect(found.map(({ kind, range }) => [kind, range.start.line])).toEqual([
      ['TooManyFunctions', 4],
    ])
  })

  it('met while running are held to the sizes of the run', () => {
    const limits = { stringBytesMax: 60, arrayItemsMax: 3, mapEntriesMax: 3 }
    for (const text of ['[1, 2, 3, 4]', '#{a: 1, b: 2, c: 3, d: 4}']) {
      expect(failure(`eval("${text}")`, limits).kind).toBe('LiteralTooLarge')
    }
    const json = 'try { parse_json("[1, 2, 3, /* */ 4]") } catch { }'
    expect(failure(json, limits).limit?.name).toBe('arrayItemsMax')
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
