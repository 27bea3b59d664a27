/**
 * Memory bombs: each shape of data that can grow, once within the ordinary limits and once with the
 * operator's limits so far up that the ceiling of the sandbox's memory itself is met.
 *
 * @module
 */
import { KILLED, STOPPED } from './codes.ts'
import { scriptAbuse } from './script-abuse.ts'

const VARIABLES = Array.from(
  { length: 40 },
  (_, n) => `let v${n} = ""; v${n}.pad(8000000, "${n}");`,
)

const SHAPES: readonly string[] = [
  // Arrays of objects.
  'let a = []; let i = 0; loop { a.push(#{ x: i, y: [i] }); i += 1; }',
  // Typed arrays.
  'let a = []; loop { a.push(blob(1000000, 1)); }',
  'let b = blob(); loop { b.pad(b.len + 1000000, 1); }',
  // Maps, and sets made of them.
  'let m = #{}; let i = 0; loop { m["k" + i] = #{ v: i }; i += 1; }',
  'let s = #{}; let i = 0; loop { s["k" + i] = (); i += 1; }',
  // Strings.
  'let a = []; let i = 0; loop { let s = ""; s.pad(100000, "x"); a.push(s + i); i += 1; }',
  'let s = "x"; loop { s += s; }',
  // Keys.
  'let m = #{}; let i = 0; loop { let k = "k" + i; k.pad(10000, "k"); m[k] = 1; i += 1; }',
  // Numbers, one at a time.
  'let a = []; loop { a.push(1.5); }',
  // What functions of the language make.
  'let s = ""; s.pad(1000000, "a,"); let a = []; loop { a.push(s.split(",")); }',
  'let a = [1]; for i in 0..60 { a = [a, a]; } #{ a: a }.to_json()',
  'let j = "{\\"a\\":["; j.pad(2000000, "[1],"); j += "1]}"; let a = []; loop { a.push(parse_json(j)); }',
  // Recursion that holds on to what it has.
  'fn down(a) { let b = [a, 1]; b.pad(10000, 1.5); down(b) } down([])',
  // Closures.
  'let a = []; let i = 0; loop { let v = [i]; v.pad(1000, 1); a.push(|| v); i += 1; }',
  'let f = Fn("x"); loop { f = f.curry("0123456789" + f); }',
  // Much in many places.
  VARIABLES.join(' '),
  // Answers.
  'let a = []; a.pad(900000, "0123456789"); a',
  'let a = [1]; for i in 0..60 { a = [a, a]; } a',
]

const COMMON = {
  clients: 8,
  // What grows by functions of the language may be refused by them before a limit is met.
  codes: [...STOPPED, ...KILLED, 'PIC_EXEC_MEMORY', 'PIC_SCRIPT_ERROR', 'PIC_SCRIPT_RESPONSE'],
  victimCodes: KILLED,
  sources: SHAPES,
}

export const memory = scriptAbuse({
  ...COMMON,
  name: 'memory',
  title: 'memory bombs within the ordinary limits',
})

export const memoryCeiling = scriptAbuse({
  ...COMMON,
  name: 'memory-ceiling',
  title: 'memory bombs that only the ceiling of the sandbox stops',
  settings: {
    PICLOUD_LIMIT_OPERATIONS: '100000000000',
    PICLOUD_LIMIT_STRING_BYTES: '268435456',
    PICLOUD_LIMIT_ARRAY_ITEMS: '16000000',
    PICLOUD_LIMIT_MAP_ENTRIES: '4000000',
    PICLOUD_LIMIT_DATA_BYTES: '4294967296',
    PICLOUD_LIMIT_CALL_DEPTH: '256',
  },
})
