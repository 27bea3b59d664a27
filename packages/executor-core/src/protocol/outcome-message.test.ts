import type { ExecutionOutcome, StreamOutcome } from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import { SANDBOX_LOST_FAILURE } from '../failures.ts'
import { FRAME_KIND, NO_BYTES } from './frame.ts'
import { decodeOutcome, encodeOutcome } from './outcome-message.ts'
import { ProtocolError } from './protocol-error.ts'

const base = {
  operations: 12,
  durationMs: 0.5,
  logs: [{ at: 1, level: 'info' as const, message: 'hi', fields: { a: 1 } }],
  logsDropped: 2,
}

function decoded(metadata: string, body: Uint8Array = NO_BYTES): ExecutionOutcome | StreamOutcome {
  return decodeOutcome({ kind: FRAME_KIND.outcome, id: 1, metadata, body })
}

function decodedAnswer(status: unknown, headers: unknown): ExecutionOutcome | StreamOutcome {
  return decoded(JSON.stringify({ ...base, status, headers }))
}

describe('an outcome', () => {
  it.each<ExecutionOutcome | StreamOutcome>([
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
})
