import { describe, expect, it } from 'vitest'
import { SANDBOX_LOST_FAILURE } from '../failures.ts'
import { FRAME_KIND, NO_BYTES } from './frame.ts'
import { decodeOutcome, encodeOutcome, type RunOutcome } from './outcome-message.ts'
import { ProtocolError } from './protocol-error.ts'

const base = {
  operations: 12,
  durationMs: 0.5,
  logs: [{ at: 1, level: 'info' as const, message: 'hi', fields: { a: 1 } }],
  logsDropped: 2,
}

const LIMITS = { outputBytesMax: 1024, logBytesMax: 1024, hostValueBytesMax: 8 }

function decoded(metadata: string, body: Uint8Array = NO_BYTES): RunOutcome {
  return decodeOutcome({ kind: FRAME_KIND.outcome, id: 1, metadata, body }, LIMITS)
}

function decodedAnswer(status: unknown, headers: unknown): RunOutcome {
  return decoded(JSON.stringify({ ...base, status, headers }))
}

describe('an outcome', () => {
  it.each<RunOutcome>([
    {
      kind: 'answer',
      ...base,
      response: {
        status: 200,
        headers: { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] },
        body: Uint8Array.of(1, 2),
      },
    },
    { kind: 'failure', ...base, failure: SANDBOX_LOST_FAILURE },
    { kind: 'streamed', ...base, computedMs: 0.25 },
    { kind: 'value', ...base, value: Uint8Array.of(1, 2) },
    { kind: 'failure', ...base, failure: SANDBOX_LOST_FAILURE, thrown: Uint8Array.of(3) },
  ])('of kind $kind comes back as it was sent', (outcome) => {
    const { metadata, body } = encodeOutcome(outcome)
    expect(decoded(metadata, body)).toEqual(outcome)
  })

  it.each([
    ['no JSON', '{'],
    ['no object', '1'],
    ['no members', '{}'],
    ['a failure without a code', JSON.stringify({ ...base, failure: { status: 500 } })],
    ['a failure that is null', JSON.stringify({ ...base, failure: null })],
    ['logs that are no list', JSON.stringify({ ...base, logs: {}, status: 200, headers: {} })],
  ])('with %s is refused', (_what, metadata) => {
    expect(() => decoded(metadata)).toThrow(ProtocolError)
  })

  it.each([
    [100, {}],
    [600, {}],
    [200.5, {}],
    ['200', {}],
    [200, null],
    [200, []],
    [200, { 'x y': 'a' }],
    [200, { X: 'upper case' }],
    [200, { a: 'b\r\nc: d' }],
    [200, { a: ['ok', 'b\nc'] }],
    [200, { a: 1 }],
    [200, { a: '€' }],
  ])('that answers %j with headers %j is refused', (status, headers) => {
    expect(() => decodedAnswer(status, headers)).toThrow(ProtocolError)
  })

  it.each([
    ['operations', '-1'],
    ['operations', '0.5'],
    ['operations', '1e999'],
    ['durationMs', '-1'],
    ['durationMs', '1e999'],
    ['computedMs', '-1e300'],
    ['computedMs', '1e300'],
    ['logsDropped', '1e999'],
    ['logsDropped', '-5'],
  ])('whose %s is %s is refused', (name, value) => {
    const members = { ...base, status: 200, headers: {}, [name]: 'here' }
    const metadata = JSON.stringify(members).replace('"here"', value)
    expect(() => decoded(metadata)).toThrow(ProtocolError)
  })

  const line = { at: 1, level: 'info', message: 'hi' }
  it.each([
    ['null', null],
    ['a text', 'hi'],
    ['without a text', { at: 1, level: 'info' }],
    ['whose text is a number', { ...line, message: 5 }],
    ['whose text is an object', { ...line, message: { length: 1 } }],
    ['at no time', { ...line, at: null }],
    ['at a time no date has', { ...line, at: 1e300 }],
    ['of another level', { ...line, level: 'fatal' }],
    ['whose fields are a list', { ...line, fields: [1] }],
    ['whose fields are null', { ...line, fields: null }],
    ['with a member nobody knows', { ...line, more: 1 }],
    ['that is longer than allowed', { ...line, message: 'x'.repeat(4096) }],
    ['whose fields are longer than allowed', { ...line, fields: { a: 'x'.repeat(4096) } }],
  ])('with a log line %s is refused', (_what, each) => {
    const members = { ...base, logs: [each], status: 200, headers: {} }
    expect(() => decoded(JSON.stringify(members))).toThrow(ProtocolError)
  })

  it('with fields that nest without end is refused', () => {
    const depth = 100_000
    const fields = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`
    const members = { ...base, logs: [{ ...line, fields: 'here' }], status: 200, headers: {} }
    const metadata = JSON.stringify(members).replace('"here"', fields)
    expect(() => decoded(metadata)).toThrow(ProtocolError)
  })

  it('with more lines than allowed is refused', () => {
    const logs = Array.from({ length: 100 }, () => line)
    const members = { ...base, logs, status: 200, headers: {} }
    expect(() => decoded(JSON.stringify(members))).toThrow(ProtocolError)
  })

  it.each([
    ['without a message', { message: undefined }],
    ['whose message is an object', { message: {} }],
    ['whose message is too long', { message: 'x'.repeat(100_000) }],
    ['of a code there is not', { code: 'PIC_SCRIPT_X1' }],
    ['whose code is a list', { code: [SANDBOX_LOST_FAILURE.code] }],
    ['whose status is a text', { status: '500' }],
    ['that is neither for the caller nor not', { exposed: 1 }],
    ['whose limit is a text', { limit: 'x' }],
    ['whose limit has no name', { limit: { value: 1 } }],
    ['with a member nobody knows', { raise: 'by paying' }],
  ])('with a failure %s is refused', (_what, change) => {
    const members = { ...base, failure: { ...SANDBOX_LOST_FAILURE, ...change } }
    expect(() => decoded(JSON.stringify(members))).toThrow(ProtocolError)
  })

  it('with a longer body than allowed is refused', () => {
    const metadata = JSON.stringify({ ...base, status: 200, headers: {} })
    expect(decoded(metadata, new Uint8Array(1024)).kind).toBe('answer')
    expect(() => decoded(metadata, new Uint8Array(1025))).toThrow(ProtocolError)
  })

  it('with more or longer headers than a script may set is refused', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, 'a']))
    expect(() => decodedAnswer(200, many)).toThrow(ProtocolError)
    expect(() => decodedAnswer(200, { a: 'x'.repeat(100_000) })).toThrow(ProtocolError)
    expect(() => decodedAnswer(200, { a: Array(200).fill('x') })).toThrow(ProtocolError)
    const empty = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, []]))
    expect(() => decodedAnswer(200, empty)).toThrow(ProtocolError)
  })
})
