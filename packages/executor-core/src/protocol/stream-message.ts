/**
 * Streamed answers as they travel in frames: `stream`, `chunk` and `taken`. The id of the frame is
 * the invocation's, the body a piece of the content. What came of it is an `outcome` frame.
 *
 * @module
 */
import type { ResponseHead } from '@picloud/shared'
import { parseMetadata } from './invocation-message.ts'
import { headOf } from './outcome-message.ts'
import { ProtocolError } from './protocol-error.ts'
import type { Taken } from './stream-window.ts'

export function encodeHead({ status, headers }: ResponseHead): string {
  return JSON.stringify({ status, headers })
}

/** @throws ProtocolError for what HTTP cannot carry */
export function decodeHead(metadata: string): ResponseHead {
  return headOf(parseMetadata(metadata))
}

export function encodeTaken({ pieces, bytes }: Taken): string {
  return `{"pieces":${pieces},"bytes":${bytes}}`
}

/** @throws ProtocolError */
export function decodeTaken(metadata: string): Taken {
  const { pieces, bytes } = parseMetadata(metadata) as Partial<Taken>
  if (!isCount(pieces) || !isCount(bytes)) throw new ProtocolError('a count that is none')
  return { pieces, bytes }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
