/**
 * Content as it was before the server compressed it.
 *
 * A few bytes can stand for gigabytes: what comes out is counted piece by piece, and no more is
 * made of it once there is too much. One coding is undone; several on top of each other are of use
 * to nobody but attackers.
 *
 * @module
 */
import { addAbortSignal, type Duplex } from 'node:stream'
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  type ZlibOptions,
} from 'node:zlib'
import { HostServiceError } from '@picloud/shared'
import { quoted } from '../quoted.ts'
import { type ContentBounds, noRoom } from './content-bounds.ts'

export const ACCEPTED_CODINGS = 'gzip, deflate, br'

const PIECE = { chunkSize: 64 * 1024 } as const satisfies ZlibOptions
const ZLIB_METHOD = 8
const NAME_UNITS_SHOWN = 40

type Decoder = (content: Buffer) => Duplex

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', () => createGunzip(PIECE)],
  ['x-gzip', () => createGunzip(PIECE)],
  ['br', () => createBrotliDecompress(PIECE)],
  // With its envelope, as it should be, or without, as some servers send it.
  [
    'deflate',
    (content) =>
      ((content[0] ?? 0) & 0x0f) === ZLIB_METHOD ? createInflate(PIECE) : createInflateRaw(PIECE),
  ],
])

/** @throws HostServiceError `PIC_HTTP_TOO_LONG`, `PIC_HTTP_PROTOCOL`, `PIC_HTTP_BUSY` */
export async function decoded(
  content: Buffer,
  coding: string | readonly string[] | undefined,
  { bytesMax, reserve }: ContentBounds,
  signal: AbortSignal,
): Promise<Buffer> {
  const name = String(coding ?? 'identity')
    .trim()
    .toLowerCase()
  if (content.byteLength === 0 || name === 'identity' || name === '') return content
  const decoder = DECODERS.get(name)?.(content)
  if (decoder === undefined) {
    throw unreadable(`it is encoded as ${JSON.stringify(quoted(name, NAME_UNITS_SHOWN))}`)
  }
  addAbortSignal(signal, decoder)
  decoder.end(content)
  const pieces: Buffer[] = []
  let bytes = 0
  try {
    for await (const piece of decoder as AsyncIterable<Buffer>) {
      bytes += piece.byteLength
      if (bytes > bytesMax) throw tooLong(bytesMax)
      if (!reserve(piece.byteLength)) throw noRoom()
      pieces.push(piece)
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof HostServiceError) throw error
    throw unreadable(`it is no ${name} (${(error as { readonly code?: string }).code})`)
  }
  return Buffer.concat(pieces)
}

function tooLong(bytesMax: number): HostServiceError {
  return new HostServiceError(
    'PIC_HTTP_TOO_LONG',
    `The answer is longer than ${bytesMax} bytes once it is decompressed ` +
      '(max_bytes, PICLOUD_LIMIT_HTTP_ANSWER_BYTES).',
  )
}

function unreadable(problem: string): HostServiceError {
  return new HostServiceError(
    'PIC_HTTP_PROTOCOL',
    `The content of the answer cannot be read: ${problem}.`,
  )
}
