/**
 * Sends the content of a streamed answer, as fast as the client takes it and no faster.
 *
 * A client that takes nothing holds the script back, and after {@link STALLED_CLIENT_MS} its
 * connection ends. An answer that breaks off is cut: the client must not take a part for the whole.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { StreamedAnswer } from '@picloud/shared'
import { STALLED_CLIENT_MS } from './connection-watch.ts'

/** Sends all there is; the head must have been written. Resolves early when the client has gone. */
export async function writePieces(response: ServerResponse, answer: StreamedAnswer): Promise<void> {
  // What ends it is the time a stream may take, not that nothing happens for a while.
  response.socket?.setTimeout(0)
  for (let isFirst = true; ; isFirst = false) {
    const piece = await answer.next()
    if (piece === null || response.destroyed) return
    if (piece.byteLength === 0) {
      if (isFirst) response.flushHeaders()
    } else if (!response.write(piece)) {
      await taken(response)
    }
  }
}

/** Ends the connection without ending the answer, once the client has what was made before. */
export function cut(response: ServerResponse): void {
  const { socket } = response
  if (socket === null || socket.destroyed) {
    response.destroy()
    return
  }
  socket.setTimeout(STALLED_CLIENT_MS)
  // Without chunks, the usual end of a connection is the end of the answer.
  if (!response.chunkedEncoding) socket.write('', () => socket.resetAndDestroy())
  else socket.destroySoon()
}

/** Resolves when more may be written, or nothing will be any more. */
function taken(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      response.off('drain', done).off('close', done)
      resolve()
    }
    const timer = setTimeout(() => response.destroy(), STALLED_CLIENT_MS)
    response.on('drain', done).on('close', done)
  })
}
