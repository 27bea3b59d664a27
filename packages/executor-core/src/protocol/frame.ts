/**
 * The layout of one frame, the unit that travels between a supervisor and a sandbox and between an
 * orchestrator and the executor program.
 *
 *     offset  size  meaning (integers are little endian)
 *          0     4  bytes after these four
 *          4     1  protocol version
 *          5     1  kind
 *          6     2  reserved, zero
 *          8     4  id: the invocation, callee or preparation the frame speaks of, 0 for none
 *         12     4  bytes of metadata
 *         16     m  metadata, JSON in UTF-8 (may be empty)
 *       16+m     n  body, raw bytes (may be empty)
 *
 * Bodies and sources are raw so that they are neither escaped nor copied into JSON text. Both ends
 * run the same release, so an unknown version or kind ends the connection. Knows no streams.
 *
 * @module
 */

export const PROTOCOL_VERSION = 1
export const HEADER_BYTES = 16
/** Bytes of the length field itself, which the length does not count. */
export const LENGTH_BYTES = 4

export const FRAME_KIND = {
  /** Sandbox or executor program to its caller: ready for invocations. */
  hello: 1,
  /** To the runner: a callee, which the id numbers from now on; body its source. */
  script: 2,
  /** To the runner: run once. The body is the request's body. */
  invoke: 3,
  /** From a sandbox: this one computes now, and no other until its answer, a piece of it or a call. */
  started: 4,
  /** From the runner: the outcome of an invocation. The body is the answer's body. */
  outcome: 5,
  /** From the runner: this invocation's version is not known here; send it and invoke again. */
  sourceWanted: 6,
  /** To the runner: nobody waits for this invocation any more. */
  cancel: 7,
  /** To a sandbox, before anything else: metadata the services scripts can call. */
  services: 8,
  /** From a sandbox: an invocation calls a service and waits. The body is the arguments. */
  call: 9,
  /** To a sandbox: what came of a call. The body is the service's answer. */
  callAnswer: 10,
  /** From the runner: the answer begins and comes in pieces. The body is the first one. */
  stream: 11,
  /** From the runner: the next piece of a streamed answer. An `outcome` frame follows the last. */
  chunk: 12,
  /** To the runner: so many pieces and bytes of a streamed answer were taken. */
  taken: 13,
  /** To the runner: a callee, named in the metadata, may be asked for soon. */
  prepare: 14,
  /** From the runner: that callee is compiled, or will not be before it is asked for. */
  prepared: 15,
} as const

export type FrameKind = (typeof FRAME_KIND)[keyof typeof FRAME_KIND]

const KIND_MAX = Math.max(...Object.values(FRAME_KIND))

export function isFrameKind(value: number): value is FrameKind {
  return value >= 1 && value <= KIND_MAX
}

export interface Frame {
  readonly kind: FrameKind
  readonly id: number
  /** JSON text, `''` when the frame has none. */
  readonly metadata: string
  /** A view on received memory; it stays valid and nobody else writes to it. */
  readonly body: Uint8Array
}

export interface FrameLimits {
  readonly metadataBytesMax: number
  readonly bodyBytesMax: number
}

const MIB = 1024 * 1024

/** The most the limits of `@picloud/shared` can ask for, with room for what surrounds it. */
export const DEFAULT_FRAME_LIMITS: FrameLimits = {
  metadataBytesMax: 8 * MIB,
  bodyBytesMax: 256 * MIB,
}

export const NO_BYTES = new Uint8Array(0)
