/**
 * The one TCP port of a program: opened with a clear word when it cannot be, named for people,
 * closed without cutting off what is under way.
 *
 * @module
 */
import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { PortUnavailableError } from './errors.ts'

/** While a server closes, how often connections are looked at that have become idle. */
const CLOSING_POLL_MS = 20

/** @returns the port, which matters when 0 asked for any. @throws PortUnavailableError */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new PortUnavailableError(host, port, error)
  }
  return (server.address() as AddressInfo).port
}

/**
 * Says at once that a port cannot be had, before anything is started for it.
 *
 * Somebody may still take it in the meantime; then {@link listen} says so.
 *
 * @throws PortUnavailableError
 */
export async function checkPort(host: string, port: number): Promise<void> {
  const server = createServer()
  await listen(server, host, port)
  server.close()
  await once(server, 'close')
}

/** Where a person on this machine reaches what listens; a wildcard is nothing one can open. */
export function urlOf(host: string, port: number): string {
  if (['127.0.0.1', '::1', '0.0.0.0', '::'].includes(host)) return `http://localhost:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * Takes no new connection, lets what is under way end, and cuts off what has not when the grace is
 * over. A connection that its client keeps for a next request ends with the answer it waits for.
 */
export async function closeServer(server: HttpServer, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const idle = setInterval(() => server.closeIdleConnections(), CLOSING_POLL_MS)
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearInterval(idle)
  clearTimeout(cut)
}
