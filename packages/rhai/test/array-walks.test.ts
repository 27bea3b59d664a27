/**
 * Calls on arrays that do not go the general way: loops made for one closure, and methods that need no
 * search. Scripts must see no difference.
 */
import { describe, expect, it } from 'vitest'
import { compile, RhaiError, type RunLimits, toJsonText } from '../src/index.ts'

function run(source: string, limits: Partial<RunLimits> = {}): string {
  return toJsonText(compile(source).instantiate().run({ limits }).value)
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

/** Items, a method, a closure for it and what else it is given. */
const WALKS: readonly (readonly [string, string, string, string])[] = [
  ['[1, 2, 3]', 'map', '|x| x * 2', ''],
  ['[#{ n: 1 }, #{ n: 2 }]', 'map', '|x| x.n', ''],
  ['[#{ n: 1 }, #{ n: 2 }]', 'map', '|x| { x.n += 1; x }', ''],
  ['[#{ l: [1] }, #{ l: [2] }]', 'map', '|x| x.l', ''],
  ['[[1], [2]]', 'map', '|x| { x[0] = 9; x }', ''],
  ['[[1], [2]]', 'map', '|x| { let f = || x.push(1); f.call(); x }', ''],
  ['[[1], [2]]', 'map', '|x| { eval("x.push(3)"); x }', ''],
  ['[1, 2, 3, 4]', 'filter', '|x| x % 2 == 0', ''],
  ['[1, 2, 3, 4]', 'filter', '|x| if x > 2 { true } else { x }', ''],
  ['[1, 2, 3, 4]', 'filter', '|x| { let t = x > 2; t.tag = 5; t }', ''],
  ['[[1], [3], [2]]', 'filter', '|x| x[0] == 1', ''],
  ['[1, 2, 3, 4]', 'some', '|x| x > 3', ''],
  ['[1, 2, 3, 4]', 'some', '|x| if x == 4 { let t = true; t.tag = 1; t } else { x }', ''],
  ['[1, 2, 3, 4]', 'all', '|x| x > 1', ''],
  ['[1, 2, 3, 4]', 'all', '|x| { let t = x > 0; t.tag = 1; t }', ''],
  ['[1, 2, 3, 4]', 'find', '|x| x > 2', ', 1'],
  ['[1, 2, 3, 4]', 'find', '|x| x', ''],
  ['[1, 2, 3, 4]', 'index_of', '|x| x > 2', ', 3'],
  ['[1, 2, 3, 4]', 'index_of', '|x| x > 7', ''],
  ['[1, 2, 3, 4]', 'reduce', '|s, x| s + x', ', 0'],
  ['[#{ n: 1 }, #{ n: 2 }]', 'reduce', '|s, x| s + x.n', ', 10'],
  ['[1, 2]', 'reduce', '|s, x| if type_of(s) == "()" { x } else { s + x }', ''],
  ['[3, 1, 2]', 'order', '|x, y| x - y', ''],
  ['range(0, 40).map(|x| x * 7 % 40)', 'order', '|x, y| x - y', ''],
  ['range(0, 40).map(|x| x * 7 % 40)', 'order', '|x, y| x < y', ''],
  ['range(0, 40).map(|x| x * 7 % 40)', 'order', '|x, y| if x > 30 { throw x } else { x - y }', ''],
  ['range(0, 40).map(|x| #{ n: x * 7 % 40 })', 'order', '|x, y| y.n - x.n', ''],
  ['range(0, 40).map(|x| #{ n: x * 7 % 40 })', 'order', '|x, y| { x.n += 1; x.n - y.n }', ''],
  ['range(0, 40).map(|x| [x * 7 % 40])', 'order', '|x, y| "text"', ''],
]

const RANGE = 'fn map_range(r, f) { let a = []; for x in r { a.push(f.call(x)); } a }\n'

/** Ranges have no `map` of their own. */
function itemsOf(items: string): string {
  const match = /^(range\(.*?\))\.map\((.*)\)$/.exec(items)
  return match === null ? items : `map_range(${match[1]}, ${match[2]})`
}

describe('a closure written where it is called back', () => {
  it.each(WALKS)('gives what the same closure gives from a variable: %s.%s(%s%s)', (...walk) => {
    const [items, method, closure, rest] = walk
    const start = `${RANGE}let a = ${itemsOf(items)};`
    const inPlace = run(`${start} let r = a.${method}(${closure}${rest}); [a, r]`)
    const held = run(`${start} let f = ${closure}; let r = a.${method}(f${rest}); [a, r]`)
    expect(inPlace).toBe(held)
  })

  it('costs as many operations', () => {
    const operations = (source: string): number => compile(source).instantiate().run().operations
    const start = 'let a = []; for i in 0..50 { a.push(i * 7 % 50); }'
    for (const [method, closure] of [
      ['map', '|x| x + 1'],
      ['filter', '|x| x > 9'],
      ['some', '|x| x == 3'],
      ['order', '|x, y| x - y'],
    ] as const) {
      const inPlace = operations(`${start} let f = 0; a.${method}(${closure});`)
      const held = operations(`${start} let f = ${closure}; a.${method}(f);`)
      expect(Math.abs(inPlace - held)).toBeLessThan(4)
    }
  })

  it('leaves the elements alone when the closure changes the array', () => {
    const source =
      'let a = [#{ n: 1 }, #{ n: 2 }]; let b = a; [b.map(|x| { a[1].n = 7; x.n }), a[1].n, b[1].n]'
    expect(run(source)).toBe('[[1,2],7,2]')
  })

  it('fails where its work ends the run or fails', () => {
    const source = 'let a = [];\na.pad(1000, 1);\na.map(|x| x + 1);'
    expect(failure(source, { operationsMax: 2000 }).line).toBe(3)
    expect(failure('[1, 2].map(|x| x.missing());').root?.kind).toBe('ErrorFunctionNotFound')
    expect(failure('[1, 2].reduce(|s, x| { throw x }, 0);').root?.kind).toBe('ErrorRuntime')
    const endless = 'let a = []; a.pad(100, 1); a.sort(|x, y| { loop {} });'
    expect(failure(endless, { operationsMax: 9000 }).kind).toBe('ErrorTooManyOperations')
  })
})

it('gives a loop to a closure that stands where it is called, and to no other', () => {
  const hasLoop = (script: string): boolean => compile(script).code.includes('ownLoop(')
  expect(hasLoop('[1].map(|x| x + 1)')).toBe(true)
  expect(hasLoop('[1].sort(|a, b| a - b)')).toBe(true)
  expect(hasLoop('let f = |x| x + 1; [1].map(f)')).toBe(false)
  expect(hasLoop('[1].map(|x, i| x + i)')).toBe(false)
})

describe('a method that arrays have', () => {
  it('is called without a search', () => {
    expect(compile('let a = []; a.push(1); a').code).toContain('callPush(')
    expect(compile('fn push(x) { x } [1].push(4)').code).not.toContain('callPush(')
  })

  it('changes the array wherever it lies', () => {
    expect(run('let a = [1]; a.push(2); a.push([3]); a[2].push(4); a')).toBe('[1,2,[3,4]]')
    expect(run('let m = #{ l: [1, 2, 3] }; m.l.push(4); [m.l.shift(), m.l.pop(), m]')).toBe(
      '[1,4,{"l":[2,3]}]',
    )
    expect(run('let a = [1, 2]; let f = || a.push(3); f.call(); [a.len(), a.pop(), a]')).toBe(
      '[3,3,[1,2]]',
    )
    expect(run('let a = [1, 2, 3]; [a.remove(-1), a.remove(7), a.remove(0), a]')).toBe(
      '[3,null,1,[2]]',
    )
    expect(run('let a = [1]; let b = a; b.push(2); [a.len(), b.len(), [].is_empty()]')).toBe(
      '[1,2,true]',
    )
    expect(run('fn add() { this.push(1); this.len() } let a = []; [a.add(), a]')).toBe('[1,[1]]')
  })

  it('means the same as ever on what is no array', () => {
    expect(run('let s = "abc"; [s.pop(), s.len(), s, "".is_empty()]')).toBe('["c",2,"ab",true]')
    expect(run('let s = "abcbd"; s.remove("b"); s')).toBe('"acd"')
    expect(run('let m = #{ push: |x| x + 1, len: || 7 }; [m.push(1), m.len()]')).toBe('[2,7]')
    expect(run('fn push(x) { x * 2 } [1].push(4)')).toBe('8')
    expect(failure('let x = 1; x.push(2)').kind).toBe('ErrorFunctionNotFound')
  })

  it('keeps to limits and constants', () => {
    const error = failure('let a = [];\n  loop { a.push(1) }', { arrayItemsMax: 5 })
    expect([error.kind, error.line, error.column]).toEqual(['ErrorDataTooLarge', 2, 12])
    const kind = 'ErrorNonPureMethodCallOnConstant'
    expect(failure('const A = [1]; A.push(2)').kind).toBe(kind)
    expect(failure('fn f() { this.shift() } const A = [1]; A.f()').root?.kind).toBe(kind)
    expect(run('const A = [1]; A.len()')).toBe('1')
  })
})
