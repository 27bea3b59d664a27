/**
 * An outcome as it travels in an `outcome` frame; the body of an answer is the frame's body.
 *
 * The receiver does not trust a sandbox: an outcome of another shape, a status or a header that
 * HTTP cannot carry is a {@link ProtocolError}, and the sandbox that sent it is ended.
 *
 * @module
 */
import type {
  ExecutionFailure,
  ExecutionOutcome,
  LogLine,
  ResponseHead,
  StreamOutcome,
} from '@picloud/shared'
import { type Frame, NO_BYTES } from './frame.ts'
import { parseMetadata } from './invocation-message.ts'
import { ProtocolError } from './protocol-error.ts'

export interface OutcomeMessage {
  readonly metadata: string
  readonly body: Uint8Array
}

type Headers = Readonly<Record<string, string | readonly string[]>>

export function encodeOutcome(outcome: ExecutionOutcome | StreamOutcome): OutcomeMessage {
  const { operations, durationMs, computedMs, logs, logsDropped } = outcome
  const base = { operations, durationMs, computedMs, logs, logsDropped }
  if (outcome.kind === 'failure') {
    return { metadata: JSON.stringify({ ...base, failure: outcome.failure }), body: NO_BYTES }
  }
  if (outcome.kind === 'streamed') {
    return { metadata: JSON.stringify({ ...base, streamed: true }), body: NO_BYTES }
  }
  const { status, headers, body } = outcome.response
  return { metadata: JSON.stringify({ ...base, status, headers }), body }
}

interface OutcomeMetadata {
  readonly operations: number
  readonly durationMs: number
  readonly computedMs?: number
  readonly logs: readonly LogLine[]
  readonly logsDropped: number
  readonly failure?: ExecutionFailure
  readonly streamed?: true
}

/** @throws ProtocolError */
export function decodeOutcome(frame: Frame): ExecutionOutcome | StreamOutcome {
  const message = parseMetadata(frame.metadata) as OutcomeMetadata
  const { operations, durationMs, computedMs, logs, logsDropped } = message
  const { failure, streamed } = message
  if (
    typeof operations !== 'number' ||
    typeof durationMs !== 'number' ||
    typeof (computedMs ?? 0) !== 'number' ||
    typeof logsDropped !== 'number' ||
    !Array.isArray(logs)
  ) {
    throw new ProtocolError('an outcome that lacks a member')
  }
  const times = computedMs === undefined ? { durationMs } : { durationMs, computedMs }
  const base = { operations, ...times, logs, logsDropped }
  if (failure !== undefined) {
    if (typeof failure?.code !== 'string' || !isStatus(failure.status)) {
      throw new ProtocolError('a failure without code or status')
    }
    return { kind: 'failure', ...base, failure }
  }
  if (streamed === true) return { kind: 'streamed', ...base }
  const { status, headers } = headOf(message)
  return { kind: 'answer', ...base, response: { status, headers, body: frame.body } }
}

/** @throws ProtocolError for what HTTP cannot carry */
export function headOf(message: object): ResponseHead {
  const { status, headers } = message as Partial<ResponseHead>
  if (!isStatus(status)) throw new ProtocolError('an answer with an impossible status')
  if (!areHeaders(headers)) throw new ProtocolError('an answer with an impossible header')
  return { status, headers }
}

function isStatus(status: unknown): status is number {
  return Number.isInteger(status) && Number(status) >= 200 && Number(status) <= 599
}

/** Field names are tokens (RFC 9110 section 5.6.2), here in lower case. */
export const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/
/** Field values as node:http accepts them: no control characters except the tab, Latin-1 only. */
export const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

function areHeaders(headers: unknown): headers is Headers {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return false
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name)) return false
    if (typeof value === 'string') {
      if (!HEADER_VALUE.test(value)) return false
    } else if (!Array.isArray(value) || !value.every(isHeaderValue)) {
      return false
    }
  }
  return true
}

function isHeaderValue(value: unknown): boolean {
  return typeof value === 'string' && HEADER_VALUE.test(value)
}
