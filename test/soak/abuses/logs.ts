import { STOPPED } from './codes.ts'
import { scriptAbuse } from './script-abuse.ts'

export const logs = scriptAbuse({
  name: 'logs',
  title: 'floods of log lines',
  clients: 16,
  codes: STOPPED,
  sources: [
    'for i in 0..10000 { log::info("line " + i); }',
    'for i in 0..10000 { print("line " + i); }',
    'let s = ""; s.pad(100000, "x"); for i in 0..100 { log::info(s); }',
    'let m = #{}; for i in 0..1000 { m["k" + i] = i; } for i in 0..100 { log::info("m", m); }',
    'loop { log::error("never ends"); }',
  ],
})
