import { STOPPED } from './codes.ts'
import { scriptAbuse } from './script-abuse.ts'

export const runaways = scriptAbuse({
  name: 'runaways',
  title: 'scripts that never end: loops and recursion',
  clients: 32,
  codes: STOPPED,
  sources: [
    'while true { }',
    'loop { }',
    'let n = 0; loop { n += 1; }',
    'for i in 0..9223372036854775807 { i + 1; }',
    'fn down(n) { down(n + 1) } loop { try { down(0) } catch { } }',
    'fn down(n) { down(n + 1) } down(0)',
    'fn one(n) { two(n) } fn two(n) { one(n) } one(0)',
    'let f = |g, n| g.call(g, n + 1); f.call(f, 0)',
    'let f = |g| { loop { try { g.call(g) } catch { } } }; f.call(f)',
    'eval("loop { }")',
    'fn e() { eval("e()") } e()',
  ],
})
