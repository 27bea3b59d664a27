/**
 * Server-sent events (WHATWG HTML, section 9.2) on a response: one after the other, as fast as the
 * client takes them.
 *
 * The next event is asked for only when the last one is on its way, so a slow client slows its own
 * stream and holds no more than one event. One that takes nothing for {@link STALL_MAX_MS} is told
 * `slow` and cut off; it can come back and go on after the last event it got. Whenever the server
 * ends a stream, the last event is `end` and says why.
 *
 * @module
 */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Logger } from '@picloud/shared'
import type { FastifyReply } from 'fastify'

export interface StreamEvent {
  /** Where the client is after this event: what it sends as `Last-Event-ID` to go on. */
  readonly id: string
  /** Null: a sign of life, which clients do not see as an event. */
  readonly event: string | null
  readonly data?: unknown
}

type EndReason = 'stopping' | 'slow' | 'failed'

const STALL_MAX_MS = 30_000
/** How long clients wait before they come back, unless they know better. */
const RETRY_MS = 2_000

export const EVENT_STREAM_TYPE = 'text/event-stream'

/** Resolves when the stream is over; never rejects. The signal ends it. */
export async function sendEvents(
  reply: FastifyReply,
  events: AsyncIterable<StreamEvent>,
  { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
): Promise<void> {
  reply.hijack()
  const response = reply.raw
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) response.setHeader(name, value)
  }
  response.writeHead(200, {
    'content-type': EVENT_STREAM_TYPE,
    'cache-control': 'no-store',
    // Proxies that would collect the answer first.
    'x-accel-buffering': 'no',
    // After a stream nothing more comes on this connection.
    connection: 'close',
  })
  response.write(`retry: ${RETRY_MS}\n\n`)
  let reason: EndReason = 'stopping'
  try {
    for await (const event of events) {
      if (signal.aborted) break
      if (await isTaken(response, textOf(event))) continue
      reason = 'slow'
      break
    }
  } catch (error) {
    reason = 'failed'
    logger.warn({ err: error }, 'a stream of events ended early')
  }
  if (!response.destroyed) end(response, reason)
}

/** False: the client takes nothing any more. */
async function isTaken(response: ServerResponse, text: string): Promise<boolean> {
  if (response.write(text)) return true
  const gone = new AbortController()
  const leave = (): void => gone.abort()
  const timer = setTimeout(leave, STALL_MAX_MS)
  response.once('close', leave)
  try {
    await once(response, 'drain', { signal: gone.signal })
    return true
  } catch {
    // Too long, or the client is gone, which the caller sees at the response.
    return false
  } finally {
    clearTimeout(timer)
    response.off('close', leave)
  }
}

function end(response: ServerResponse, reason: EndReason): void {
  const timer = setTimeout(() => response.destroy(), STALL_MAX_MS)
  timer.unref()
  response.once('close', () => clearTimeout(timer))
  response.end(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`)
}

/** JSON has no line breaks of its own, so an event's data is one line. */
function textOf({ id, event, data }: StreamEvent): string {
  if (event === null) return `: \nid: ${id}\n\n`
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
