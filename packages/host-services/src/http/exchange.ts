/**
 * One request and its answer on one connection, within bounds.
 *
 * The other side may be anything: it may send headers, informational answers or content without
 * end, promise a length and keep another, or say nothing at all. Its content is held in memory, so
 * every piece is counted before it is kept, and what passes a bound takes the connection along.
 *
 * @module
 */
import { HostServiceError } from '@picloud/shared'
import { type Dispatcher, errors } from 'undici'
import { connectionError } from './connection-error.ts'
import type { Connection } from './connections.ts'
import { type ContentBounds, noRoom } from './content-bounds.ts'
import { INFORMATIONAL_MAX } from './http-limits.ts'

export interface SentRequest {
  readonly method: string
  readonly path: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array | null
}

export interface ReceivedAnswer {
  readonly status: number
  /** Names in lower case; repeated ones as a list. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly content: Buffer
}

export interface ExchangeBounds extends ContentBounds {
  readonly headerBytesMax: number
}

/** What ended an exchange before there was any answer: another connection may do better. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError'
  readonly refusal: HostServiceError

  constructor(refusal: HostServiceError) {
    super(refusal.message)
    this.refusal = refusal
  }
}

/**
 * Afterwards the connection was released or destroyed.
 *
 * @throws HostServiceError
 * @throws ConnectionLostError
 */
export function exchange(
  connection: Connection,
  { method, path, headers, body }: SentRequest,
  bounds: ExchangeBounds,
  signal: AbortSignal,
): Promise<ReceivedAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ReceivedAnswer>()
  const onAbort = () => fail(signal.reason)
  let isOver = false
  let head: Pick<ReceivedAnswer, 'status' | 'headers'> | undefined
  let informational = 0
  let bytes = 0
  const pieces: Buffer[] = []

  function fail(error: unknown): void {
    if (isOver) return
    isOver = true
    signal.removeEventListener('abort', onAbort)
    connection.destroy()
    reject(error)
  }

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart() {},
    onResponseStart(_controller, status, received) {
      if (status >= 200) head = { status, headers: definedOf(received) }
      else informational += 1
      if (informational > INFORMATIONAL_MAX) {
        fail(protocolError(`it sent more than ${INFORMATIONAL_MAX} informational answers`))
      } else if (method !== 'HEAD' && Number(received['content-length'] ?? 0) > bounds.bytesMax) {
        fail(tooLong(bounds.bytesMax))
      }
    },
    onResponseData(_controller, piece) {
      if (isOver) return
      bytes += piece.byteLength
      if (bytes > bounds.bytesMax) fail(tooLong(bounds.bytesMax))
      else if (!bounds.reserve(piece.byteLength)) fail(noRoom())
      else pieces.push(piece)
    },
    onResponseEnd() {
      if (isOver) return
      if (head === undefined) return fail(protocolError('it sent no answer'))
      isOver = true
      signal.removeEventListener('abort', onAbort)
      connection.release()
      resolve({ ...head, content: Buffer.concat(pieces) })
    },
    onResponseError(_controller, error) {
      if (error instanceof errors.HeadersOverflowError) return fail(headersTooLong(bounds))
      const refusal = connectionError(error)
      fail(head === undefined ? new ConnectionLostError(refusal) : refusal)
    },
  }
  if (signal.aborted) fail(signal.reason)
  else {
    signal.addEventListener('abort', onAbort, { once: true })
    const flat = headers.flat()
    try {
      connection.client.dispatch({ method, path, headers: flat, body }, handler)
    } catch (error) {
      fail(error)
    }
  }
  return promise
}

function definedOf(
  received: Readonly<Record<string, string | string[] | undefined>>,
): ReceivedAnswer['headers'] {
  return Object.fromEntries(
    Object.entries(received).filter((entry): entry is [string, string | string[]] => {
      return entry[1] !== undefined
    }),
  )
}

function tooLong(bytesMax: number): HostServiceError {
  return new HostServiceError(
    'PIC_HTTP_TOO_LONG',
    `The answer is longer than ${bytesMax} bytes (max_bytes, PICLOUD_LIMIT_HTTP_ANSWER_BYTES).`,
  )
}

function headersTooLong({ headerBytesMax }: ExchangeBounds): HostServiceError {
  return new HostServiceError(
    'PIC_HTTP_TOO_LONG',
    `The headers of the answer are longer than ${headerBytesMax} bytes ` +
      '(PICLOUD_LIMIT_HTTP_HEADER_BYTES).',
  )
}

function protocolError(problem: string): HostServiceError {
  return new HostServiceError('PIC_HTTP_PROTOCOL', `The server did not keep to HTTP: ${problem}.`)
}
