/**
 * What modules do for a script is paid for before it is done: a loop of calls that walk over much ends
 * by the limit of operations, and not by its deadline.
 */
import { describe, expect, it } from 'vitest'
import { moduleRuns } from './module-runs.contract.ts'

const { run, caught } = moduleRuns()

const OPERATIONS = 2_000_000
/** As many as a loop can make of calls that are charged for a thirtieth of what they walk over. */
const CALLS_MAX = 600

const MAP = 'let m = #{}; for i in 0..20000 { m["k" + i] = i; }'
const TEXT = 'let t = ""; t.pad(1000000, \'x\');'

describe('modules charge for', () => {
  it.each([
    ['the answer they copy', `${MAP} m.statusCode = 200;`, 'response::status(m, 201)'],
    [
      'the headers they copy',
      `${MAP} let a = response::status(200); a.headers = m;`,
      'response::header(a, "x", 1)',
    ],
    [
      'the headers beside cookies',
      `${MAP} let a = response::status(200); a.headers = m;`,
      'response::cookie(a, "x", "")',
    ],
    ['blobs written as JSON', 'let b = blob(100000);', 'response::json(b)'],
    ['alphabets', TEXT, 'random::text(1, t)'],
    ['base64 they write', TEXT, 'base64::encode(t)'],
    ['base64 they read', `${TEXT}`, 'base64::decode(t)'],
    ['hexadecimal digits they write', TEXT, 'hex::encode(t)'],
    ['hexadecimal digits they read', 'let t = ""; t.pad(1000000, \'a\');', 'hex::decode(t)'],
  ])('%s', async (_what, prepare, call) => {
    const source = `${prepare} let n = 0; while n < ${CALLS_MAX} { n += 1; ${call}; }`
    const outcome = await run(source, {
      operationsMax: OPERATIONS,
      cpuMsMax: 60_000,
      stringBytesMax: 4_000_000,
      outputBytesMax: 4_000_000,
    })
    expect(outcome.kind === 'failure' ? outcome.failure.limit?.name : 'none').toBe('operationsMax')
  })

  it.each([
    ['a name', 'cookie("", t, "")'],
    ['a value', 'cookie("", "a", t)'],
    ['a path', 'cookie("", "a", "", #{ path: t })'],
    ['a domain', 'cookie("", "a", "", #{ domain: t })'],
    ['an option', 'cookie("", "a", "", m)'],
  ])('nothing else where %s is too long to be looked at', async (_what, call) => {
    const source = `${TEXT} let m = #{}; m[t] = 1; response::${call}`
    const message = await caught(source)
    expect(message).toMatch(/^PIC_(?:COOKIE|OPTION)_INVALID: /)
    expect(message.length).toBeLessThan(300)
  })
})
