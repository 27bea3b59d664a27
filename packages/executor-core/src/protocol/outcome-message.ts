/**
 * An outcome as it travels in an `outcome` frame; the body of an answer is the frame's body.
 *
 * The receiver does not trust a sandbox: an outcome of another shape, one that no honest sandbox
 * could have made within the limits of the invocation, a status or a header that HTTP cannot carry
 * is a {@link ProtocolError}, and the sandbox that sent it is ended.
 *
 * @module
 */
import type {
  ExecutionFailure,
  ExecutionLimits,
  ExecutionOutcome,
  LogLine,
  ResponseHead,
  StreamOutcome,
} from '@picloud/shared'
import { type Thrown, thrownIn, type ValueOutcome } from './call-outcome.ts'
import { isFailure, logLinesFit } from './checked-outcome.ts'
import { type Frame, NO_BYTES } from './frame.ts'
import { parseMetadata } from './invocation-message.ts'
import { ProtocolError } from './protocol-error.ts'

export interface OutcomeMessage {
  readonly metadata: string
  readonly body: Uint8Array
}

/** Longer than any limit allows, also of streams: a sum of times must stay one to count with. */
const DURATION_MS_MAX = 48 * 60 * 60 * 1000

/** Of the fields a script sets; a content type may be added. */
export const HEADERS_MAX = 100
/** Names and values of them, in characters. */
export const HEADER_BYTES_MAX = 32 * 1024
const CONTENT_TYPE_BYTES_MAX = 128

type Headers = Readonly<Record<string, string | readonly string[]>>

/** Whatever can be in an `outcome` frame. */
export type RunOutcome = (ExecutionOutcome | StreamOutcome | ValueOutcome) & Thrown

export function encodeOutcome(outcome: RunOutcome): OutcomeMessage {
  const { operations, durationMs, computedMs, logs, logsDropped } = outcome
  const base = { operations, durationMs, computedMs, logs, logsDropped }
  if (outcome.kind === 'failure') {
    const { failure } = outcome
    const thrown = thrownIn(outcome)
    if (thrown === undefined) {
      return { metadata: JSON.stringify({ ...base, failure }), body: NO_BYTES }
    }
    return { metadata: JSON.stringify({ ...base, failure, hasThrown: true }), body: thrown }
  }
  if (outcome.kind === 'streamed') {
    return { metadata: JSON.stringify({ ...base, streamed: true }), body: NO_BYTES }
  }
  if (outcome.kind === 'value') {
    return { metadata: JSON.stringify({ ...base, isValue: true }), body: outcome.value }
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
  readonly hasThrown?: true
  readonly isValue?: true
}

/** What an invocation may give; the part of its limits that its outcome is held to. */
export type OutcomeLimits = Pick<
  ExecutionLimits,
  'outputBytesMax' | 'logBytesMax' | 'hostValueBytesMax'
>

/** @throws ProtocolError */
export function decodeOutcome(frame: Frame, limits: OutcomeLimits): RunOutcome {
  const message = parseMetadata(frame.metadata) as OutcomeMetadata
  const { operations, durationMs, computedMs, logs, logsDropped } = message
  const { failure, streamed, hasThrown, isValue } = message
  if (
    !isCount(operations) ||
    !isDuration(durationMs) ||
    !isDuration(computedMs ?? 0) ||
    !isCount(logsDropped)
  ) {
    throw new ProtocolError('an outcome that lacks a member')
  }
  if (!logLinesFit(logs, limits.logBytesMax)) throw new ProtocolError('impossible log lines')
  const times = computedMs === undefined ? { durationMs } : { durationMs, computedMs }
  const base = { operations, ...times, logs, logsDropped }
  if (failure !== undefined) {
    if (!isFailure(failure)) throw new ProtocolError('an impossible failure')
    if (hasThrown !== true) return { kind: 'failure', ...base, failure }
    return { kind: 'failure', ...base, failure, thrown: valueBytes(frame, limits) }
  }
  if (streamed === true) return { kind: 'streamed', ...base }
  if (isValue === true) return { kind: 'value', ...base, value: valueBytes(frame, limits) }
  const { status, headers } = headOf(message)
  if (frame.body.byteLength > limits.outputBytesMax) {
    throw new ProtocolError('a longer answer than allowed')
  }
  return { kind: 'answer', ...base, response: { status, headers, body: frame.body } }
}

function valueBytes({ body }: Frame, { hostValueBytesMax }: OutcomeLimits): Uint8Array {
  if (body.byteLength > hostValueBytesMax) throw new ProtocolError('a longer value than allowed')
  return body
}

/** @throws ProtocolError for what HTTP cannot carry */
export function headOf(message: object): ResponseHead {
  const { status, headers } = message as Partial<ResponseHead>
  if (!isStatus(status)) throw new ProtocolError('an answer with an impossible status')
  if (!areHeaders(headers)) throw new ProtocolError('an answer with an impossible header')
  return { status, headers }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/** JSON has no NaN, but it can write what is read as infinite. */
function isDuration(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= DURATION_MS_MAX
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
  let count = 0
  let bytes = 0
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name)) return false
    const fields: readonly unknown[] = Array.isArray(value) ? value : [value]
    // A name without a value is as much work as any other.
    if (fields.length === 0) count += 1
    for (const field of fields) {
      if (typeof field !== 'string' || !HEADER_VALUE.test(field)) return false
      count += 1
      bytes += name.length + field.length
    }
  }
  return count <= HEADERS_MAX + 1 && bytes <= HEADER_BYTES_MAX + CONTENT_TYPE_BYTES_MAX
}
