/**
 * Reads the content of a request into memory, never more of it than the limit.
 *
 * A declared length over the limit is refused before a byte is read; an undeclared one as soon as
 * the count passes it. After a refusal nothing of what was read is kept.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'
import { BodyTooLargeError, ContentEncodingError, TransferCodingError } from '../errors.ts'
import { ContentBytes } from './content-bytes.ts'
import type { TextRecord } from './text-record.ts'

export const NO_BODY = new Uint8Array(0)

/** Whether content follows the head (RFC 9112 section 6). The parser has checked the framing. */
export function hasBody(headers: Readonly<TextRecord>): boolean {
  const length = headers['content-length']
  return (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined
}

/**
 * @param raise says how the limit is raised
 * @throws {@link BodyTooLargeError} {@link TransferCodingError} {@link ContentEncodingError} on what
 * the head already says
 */
export function checkBodyHead(
  headers: Readonly<TextRecord>,
  bytesMax: number,
  raise: () => string,
): void {
  if (Number(headers['content-length'] ?? 0) > bytesMax) {
    throw new BodyTooLargeError(bytesMax, raise())
  }
  const coding = headers['transfer-encoding']
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') throw new TransferCodingError()
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new ContentEncodingError()
  }
}

export interface BodySink {
  readonly bytesMax: number
  /** Whether there is memory for so many bytes more. */
  take(bytes: number): boolean
  complete(body: Uint8Array): void
  /** The limit was passed; the rest is not read. */
  tooLarge(): void
  /** There is no memory; the rest is not read. */
  noRoom(): void
  /** The client went away before the end. */
  interrupted(): void
}

/** Calls exactly one method of the sink, unless the returned function is called first. */
export function readBody(request: IncomingMessage, sink: BodySink): () => void {
  const content = new ContentBytes()
  const onData = (chunk: Buffer): void => {
    const isTooLarge = content.length + chunk.length > sink.bytesMax
    if (!isTooLarge && sink.take(chunk.length)) {
      content.add(chunk)
      return
    }
    stop()
    if (isTooLarge) sink.tooLarge()
    else sink.noRoom()
  }
  const onEnd = (): void => {
    stop()
    sink.complete(content.length === 0 ? NO_BODY : content.join())
  }
  const onClose = (): void => {
    stop()
    sink.interrupted()
  }
  const stop = (): void => {
    request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', ignore)
    request.on('error', ignore)
  }
  request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', ignore)
  return stop
}

/** An interrupted request errs and then closes; the close is what counts. */
function ignore(): void {}
