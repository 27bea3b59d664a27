/**
 * Values that hold themselves many times over: tiny in memory, endless to walk. Whatever walks them
 * ends at a limit.
 */
import { describe, expect, it } from 'vitest'
import {
  canonicalText,
  compile,
  isMap,
  makeBlob,
  mapGet,
  RhaiError,
  toJsonText,
  type Value,
} from '../src/index.ts'

const ENDLESS = `
  fn build() { let a = [1]; for i in 0..60 { a = [a, a]; } a }
  fn build_map() { let m = #{}; for i in 0..60 { m = #{ x: m, y: m }; } m }
  let a = build(); let b = build(); let m = build_map(); let n = build_map();
`

function run(source: string): Value {
  return compile(`${ENDLESS} ${source}`)
    .instantiate()
    .run({ limits: { operationsMax: 200_000 } }).value
}

function errorOf(work: () => unknown): RhaiError {
  try {
    work()
  } catch (error) {
    if (error instanceof RhaiError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('a script that walks an endless value runs out of operations', () => {
  it.each([
    'a == b',
    'a != b',
    'm == n',
    'a.to_string()',
    'a.to_debug()',
    'm.to_json()',
    '#{ a: a }.to_json()',
    'print(a)',
    'debug(m)',
    'throw a',
    '"" + a',
    `\`\${m}\``,
    'a in [b]',
    '[a].contains(b)',
    '[a].index_of(b)',
    '[a, b].dedup()',
    'let s = "x"; s += a',
    'switch a { [[1, 1]] => 1, _ => a == b }',
    'Fn("build").curry(a).to_string(); a == b',
  ])('%s', (source) => {
    expect(errorOf(() => run(source)).kind).toBe('ErrorTooManyOperations')
  })
})

it('copies an endless value one level at a time', () => {
  expect(canonicalText(run('a[0][1][0] = 7; a[0][1][0]'))).toBe('7')
  expect(canonicalText(run('let c = a; c[0] = 1; c[0]'))).toBe('1')
})

describe('text for the host', () => {
  const endless = [
    ['array', 'a'],
    ['map', 'm'],
    ['blob many times', 'let x = blob(9, 1); for i in 0..60 { x = [x, x]; } x'],
    ['text many times', 'let x = "abc"; for i in 0..60 { x = [x, x]; } x'],
    ['captures', 'let f = 1; for i in 0..40 { let g = f; f = (|x, y| 1).curry(g, g); } f'],
  ] as const

  it.each(endless)('ends at its limit: %s', (name, source) => {
    const value = run(source)
    const text = errorOf(() => canonicalText(value, { bytesMax: 1000 }))
    expect(text.limit).toEqual({ name: 'textBytesMax', value: 1000 })
    expect(errorOf(() => canonicalText(value)).limit?.name).toBe('textBytesMax')
    if (name === 'captures') return
    const json = errorOf(() => toJsonText(value, { bytesMax: 1000 }))
    expect(json.kind).toBe('ErrorDataTooLarge')
    expect(json.limit).toEqual({ name: 'outputBytesMax', value: 1000 })
    expect(errorOf(() => toJsonText(value)).limit?.name).toBe('outputBytesMax')
  })

  it.each([
    ['[1,2]', '[1, 2]'],
    ['"äöü"', '"äöü"'],
    ['{"a":"\\u0001"}', '#{ a: "\\x01" }'],
    ['12345', '12345'],
    ['null', '()'],
    ['[1,1]', 'blob(2, 1)'],
    ['[[],{}]', '[[], #{}]'],
  ])('may be exactly as long as its limit: %s', (json, source) => {
    const value = compile(source).instantiate().run().value
    const bytes = Buffer.byteLength(json)
    expect(toJsonText(value, { bytesMax: bytes })).toBe(json)
    const tooLong = errorOf(() => toJsonText(value, { bytesMax: bytes - 1 }))
    expect(tooLong.limit).toEqual({ name: 'outputBytesMax', value: bytes - 1 })
  })

  it('refuses one long part without writing it', () => {
    const blob = makeBlob(new Uint8Array(50_000_000))
    const before = performance.now()
    expect(errorOf(() => toJsonText(blob, { bytesMax: 1000 })).limit?.name).toBe('outputBytesMax')
    expect(performance.now() - before).toBeLessThan(100)
  })

  it('reads an entry without walking the rest', () => {
    const value = run('m')
    expect(isMap(value) && mapGet(value, 'z')).toBe(undefined)
  })
})
