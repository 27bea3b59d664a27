/**
 * How the API's client reaches the server that this page came from.
 *
 * The browser adds the session's cookie, and follows redirects itself within the page's own origin.
 * Changes carry the header by which the manager knows that a page of ours, and no other site, sent
 * them.
 *
 * @module
 */
import type { Transport } from '@picloud/api-client'

const DEADLINE_MS = 15_000

export const fetchTransport: Transport = async (request) => {
  const query = new URLSearchParams(request.query).toString()
  const response = await fetch(query === '' ? request.path : `${request.path}?${query}`, {
    method: request.method,
    headers: {
      ...request.headers,
      ...(request.method === 'GET' ? {} : { 'x-picloud-csrf': '1' }),
    },
    body: request.body ?? null,
    signal: AbortSignal.timeout(request.deadlineMs ?? DEADLINE_MS),
  })
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
  }
}
