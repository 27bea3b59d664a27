/**
 * Calls of host services as they travel in frames: the services a sandbox is told of, `call` and
 * `callAnswer`. The id of the frame is the invocation's; values are bytes, as `@picloud/shared/value-bytes` has them.
 *
 * @module
 */
import type { ExecutionBudget, HostType } from '@picloud/shared'
import { type Frame, NO_BYTES } from './frame.ts'
import { parseMetadata } from './invocation-message.ts'
import { ProtocolError } from './protocol-error.ts'

/** All services as plain data. A function is called by its place in all of them, counted on. */
export interface ServiceManifest {
  readonly services: readonly {
    readonly name: string
    readonly functions: readonly {
      readonly name: string
      readonly parameters: readonly HostType[]
      readonly sharesBudget?: true | undefined
      readonly isInternal?: true | undefined
      readonly answersSecret?: true | undefined
    }[]
  }[]
}

export interface CallMessage {
  /** Number of the call within its invocation. */
  readonly call: number
  /** Which function of the manifest. */
  readonly function: number
  /** What the caller has used so far, for functions that share its budget. */
  readonly used?: CallerUse | undefined
}

export type CallerUse = Pick<ExecutionBudget, 'operations' | 'cpuMs'>

/** `used`: what was done for the call out of the caller's budget. */
export type CallAnswer = { readonly used?: ExecutionBudget | undefined } & (
  | { readonly kind: 'value'; readonly value: Uint8Array }
  /** The service refused; the script may catch it. */
  | {
      readonly kind: 'refused'
      readonly code: string
      readonly message: string
      readonly thrown?: Uint8Array | undefined
    }
  /** The answer is longer than `hostValueBytesMax`. */
  | { readonly kind: 'tooLong' }
  /** The service is broken; the log of the host says how. */
  | { readonly kind: 'failed' }
)

export function decodeManifest(metadata: string): ServiceManifest {
  return parseMetadata(metadata) as ServiceManifest
}

export function encodeCall({ call, function: index, used }: CallMessage): string {
  if (used === undefined) return `{"call":${call},"function":${index}}`
  return JSON.stringify({ call, function: index, used })
}

/** @throws ProtocolError */
export function decodeCall(metadata: string): CallMessage {
  const { call, function: index, used } = parseMetadata(metadata) as Partial<CallMessage>
  if (!isCount(call) || !isCount(index)) throw new ProtocolError('a call that lacks a member')
  if (used === undefined) return { call, function: index }
  const { operations, cpuMs } = used ?? {}
  if (!isCount(operations) || !(typeof cpuMs === 'number' && cpuMs >= 0)) {
    throw new ProtocolError('a call by who has used the impossible')
  }
  return { call, function: index, used: { operations, cpuMs } }
}

/** Metadata of the answer to a call; its body is the value. */
export function encodeCallAnswer(call: number, answer: CallAnswer): string {
  const { used } = answer
  switch (answer.kind) {
    case 'value':
      if (used === undefined) return `{"call":${call},"kind":"value"}`
      return JSON.stringify({ call, kind: 'value', used })
    case 'refused': {
      const { kind, code, message, thrown } = answer
      const hasThrown = thrown === undefined ? undefined : true
      return JSON.stringify({ call, kind, code, message, hasThrown, used })
    }
    default:
      return JSON.stringify({ call, ...answer })
  }
}

export function bytesOfCallAnswer(answer: CallAnswer): Uint8Array {
  if (answer.kind === 'value') return answer.value
  return (answer.kind === 'refused' ? answer.thrown : undefined) ?? NO_BYTES
}

/** @throws ProtocolError */
export function decodeCallAnswer(frame: Frame): { call: number; answer: CallAnswer } {
  const message = parseMetadata(frame.metadata) as { call?: unknown; kind?: unknown }
  const { call, kind, ...rest } = message
  const { used } = rest as Pick<CallAnswer, 'used'>
  if (!isCount(call)) throw new ProtocolError('an answer to no call')
  switch (kind) {
    case 'value':
      return { call, answer: { kind, value: frame.body, used } }
    case 'tooLong':
    case 'failed':
      return { call, answer: { kind, used } }
    case 'refused': {
      const { code, message: text, hasThrown } = rest as Readonly<Record<string, unknown>>
      const thrown = hasThrown === true ? frame.body : undefined
      return { call, answer: { kind, code: String(code), message: String(text), thrown, used } }
    }
    default:
      throw new ProtocolError('an answer of unknown kind')
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
