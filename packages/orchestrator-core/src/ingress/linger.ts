/**
 * Ends a refused request whose content is still on its way, so that the client reads the refusal.
 *
 * Closing a socket with unread bytes makes the system reset the connection, and a reset may throw
 * away what was just sent (RFC 9112 section 9.6). So the answer is sent complete, what still comes
 * is thrown away for a while, and only then is the connection closed.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'

const LINGER_MS = 1_000
const LINGER_BYTES_MAX = 4 * 1024 * 1024

/** @param body goes with `content-length` in the head already given to the response */
export function endAndLinger(
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): void {
  let discarded = 0
  const end = (): void => {
    clearTimeout(timer)
    request.off('data', onData).off('end', end).off('close', end)
    if (response.writableEnded) return
    response.end()
  }
  const onData = (chunk: Buffer): void => {
    discarded += chunk.length
    if (discarded > LINGER_BYTES_MAX) end()
  }
  const timer = setTimeout(end, LINGER_MS)
  response.write(body)
  if (request.complete) {
    end()
    return
  }
  request
    .on('data', onData)
    .on('end', end)
    .on('close', end)
    .on('error', () => {
      // The close that follows ends the wait.
    })
  request.resume()
}
