import { compile, RhaiError, type RunLimits } from '@picloud/rhai'
import { describe, expect, it } from 'vitest'

const LIMITS: Partial<RunLimits> = {
  operationsMax: 200_000,
  stringBytesMax: 100_000,
  arrayItemsMax: 10_000,
  mapEntriesMax: 1_000,
}

/** The kind of error a script ends in. */
function failure(source: string): string {
  try {
    compile(source).instantiate().run({ limits: LIMITS })
  } catch (error) {
    if (error instanceof RhaiError) return error.root?.kind ?? error.kind
    throw error
  }
  return 'none'
}

/** A value that holds itself twice, sixty times over: tiny in memory, endless to walk. */
const ENDLESS = 'let a = [1]; for i in 0..60 { a = [a, a]; }'

describe('no library call escapes the meter', () => {
  it.each([
    `${ENDLESS} a.to_string()`,
    `${ENDLESS} print(a)`,
    `${ENDLESS} a == [a[0], a[1]]`,
    `${ENDLESS} [a].contains([a[0], a[1]])`,
    `${ENDLESS} [a[0], a[1]] in [a]`,
    `${ENDLESS} #{ a: a }.to_json()`,
    `${ENDLESS} "" + a`,
    'let s = "x"; s.pad(90000, \'y\'); loop { s.index_of("z"); }',
    'let a = []; a.pad(9000, 1); loop { a.sort(); }',
    'let a = []; a.pad(9000, 1); loop { a.map(|x| x); }',
    'let a = []; a.pad(9000, 1); loop { let b = a; b.push(1); }',
    'let b = blob(90000, 1); loop { b.contains(2); }',
    'let s = "x"; s.pad(90000, \'x\'); let p = s.sub_string(0, 40000) + "y"; loop { s.contains(p); }',
    'let s = " "; s.pad(90000, \' \'); let t = "x" + s + "x"; loop { let u = t; u.trim(); }',
    'let s = "1"; s.pad(90000, \'1\'); s += "x"; loop { try { s.parse_float(); } catch { } }',
    'let s = "0"; s.pad(90000, \'0\'); loop { s.parse_int(); }',
    'let s = ""; loop { s += "x"; s.len; if s.len == 90000 { s = ""; } }',
    "let s = \"é\"; s.pad(90000, 'é'); loop { s[5] = 'x'; }",
    'let s = "é"; s.pad(90000, \'é\'); loop { s.to_debug(); }',
    'let s = "ß"; s.pad(40000, \'ß\'); loop { s.to_upper(); }',
    'let f = Fn("x"); loop { f = f.curry(1); }',
    'let i = 0; loop { i += 1; eval("let a" + i + " = 1;"); }',
    'loop { try { eval("((((((1") } catch { } }',
    'let a = []; a.pad(9000, 1); loop { let b = a; try { b.drain(|x| throw 1) } catch { } }',
    'let a = [3, 2, 1]; loop { a.sort(|x, y| throw 1); }',
    'let x = 1; loop { if x == 1 { x = 1; x = 1; x = 1; x = 1; x = 1; x = 1; x = 1; } }',
    'let s = "["; s.pad(90000, \' \'); loop { try { parse_json(s); } catch { } }',
  ])('%s', (source) => {
    const kind = failure(source)
    expect(['ErrorTooManyOperations', 'ErrorDataTooLarge', 'MissingToken']).toContain(kind)
  })
})

describe('no library call grows a value past its limit', () => {
  it.each([
    'let s = "x"; loop { s += s; }',
    'let s = "x"; loop { s.append(s); }',
    'let s = "x"; s.pad(9999999999, \'y\')',
    'let s = "ab"; s.pad(1000, "ab"); loop { s.replace("a", "aaaaaaaa"); }',
    'let a = [1]; loop { a += a; }',
    'let a = [1]; loop { a.append(a); }',
    'let a = []; a.pad(9999999999, 1)',
    'let a = [1]; loop { a.splice(0, 0, a); }',
    'let a = []; loop { a.push(1); }',
    'let s = "a,"; s.pad(90000, "a,"); s.split(",")',
    'blob(9999999999)',
    'let b = blob(10); loop { b.append(b); }',
    'let m = #{}; for i in 0..5000 { m.set(i.to_string(), i); }',
    'let m = #{}; for i in 0..5000 { m[i.to_string()] = i; }',
  ])('%s', (source) => expect(failure(source)).toBe('ErrorDataTooLarge'))
})

it('fails cleanly on a value nested deeper than the stack', () => {
  const deep = 'let a = []; for i in 0..20000 { a = [a]; }'
  expect(failure(`${deep} a.to_string()`)).toBe('ErrorStackOverflow')
  expect(failure(`${deep} let b = a; b[0] = b[0]; a == b`)).toBe('ErrorStackOverflow')
  expect(failure(`${deep} #{ a: a }.to_json()`)).toBe('ErrorStackOverflow')
})

it('does not let a comparer swallow a limit', () => {
  const source = 'let a = [2, 1]; a.sort(|x, y| { loop { } }); a.dedup(|x, y| { loop { } });'
  expect(failure(source)).toBe('ErrorTooManyOperations')
})
