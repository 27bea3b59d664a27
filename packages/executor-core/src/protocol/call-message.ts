/**
 * Calls of host services as they travel in frames: the services a sandbox is told of, `call` and
 * `callAnswer`. The id of the frame is the invocation's; values are bytes, see `value/`.
 *
 * @module
 */
import type { HostType } from '@picloud/shared'
import type { Frame } from './frame.ts'
import { parseMetadata } from './invocation-message.ts'
import { ProtocolError } from './protocol-error.ts'

/** All services as plain data. A function is called by its place in all of them, counted on. */
export interface ServiceManifest {
  readonly services: readonly {
    readonly name: string
    readonly functions: readonly {
      readonly name: string
      readonly parameters: readonly HostType[]
    }[]
  }[]
}

export interface CallMessage {
  /** Number of the call within its invocation. */
  readonly call: number
  /** Which function of the manifest. */
  readonly function: number
}

export type CallAnswer =
  | { readonly kind: 'value'; readonly value: Uint8Array }
  /** The service refused; the script may catch it. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** The answer is longer than `hostValueBytesMax`. */
  | { readonly kind: 'tooLong' }
  /** The service is broken; the log of the host says how. */
  | { readonly kind: 'failed' }

export function decodeManifest(metadata: string): ServiceManifest {
  return parseMetadata(metadata) as ServiceManifest
}

export function encodeCall({ call, function: index }: CallMessage): string {
  return `{"call":${call},"function":${index}}`
}

/** @throws ProtocolError */
export function decodeCall(metadata: string): CallMessage {
  const { call, function: index } = parseMetadata(metadata) as Partial<CallMessage>
  if (!isCount(call) || !isCount(index)) throw new ProtocolError('a call that lacks a member')
  return { call, function: index }
}

/** Metadata of the answer to a call; its body is the value. */
export function encodeCallAnswer(call: number, answer: CallAnswer): string {
  if (answer.kind === 'value') return `{"call":${call},"kind":"value"}`
  return JSON.stringify({ call, ...answer })
}

/** @throws ProtocolError */
export function decodeCallAnswer(frame: Frame): { call: number; answer: CallAnswer } {
  const message = parseMetadata(frame.metadata) as { call?: unknown; kind?: unknown }
  const { call, kind, ...rest } = message
  if (!isCount(call)) throw new ProtocolError('an answer to no call')
  switch (kind) {
    case 'value':
      return { call, answer: { kind, value: frame.body } }
    case 'tooLong':
    case 'failed':
      return { call, answer: { kind } }
    case 'refused': {
      const { code, message: text } = rest as { code?: unknown; message?: unknown }
      return { call, answer: { kind, code: String(code), message: String(text) } }
    }
    default:
      throw new ProtocolError('an answer of unknown kind')
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
