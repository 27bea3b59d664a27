/**
 * Servers on this machine that outgoing requests are sent to, and what was asked of them.
 *
 * @module
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'

export interface Upstream {
  readonly port: number
  /** `http://127.0.0.1:PORT`, or `https://localhost:PORT`. */
  readonly url: string
  /** Connections it has accepted so far. */
  readonly connections: number
  readonly openSockets: number
  stop(): Promise<void>
}

/** A certificate of `localhost` and `upstream.test`, signed by itself; its key guards nothing. */
export const TEST_CERTIFICATE = readFileSync(new URL('tls/localhost.pem', import.meta.url), 'utf8')
const TEST_KEY = readFileSync(new URL('tls/localhost.key', import.meta.url), 'utf8')

export async function startUpstream(listener: RequestListener): Promise<Upstream> {
  return await started(createServer(listener), 'http://127.0.0.1')
}

export async function startTlsUpstream(listener: RequestListener): Promise<Upstream> {
  const options = { cert: TEST_CERTIFICATE, key: TEST_KEY }
  return await started(createTlsServer(options, listener), 'https://localhost')
}

/** A server that gets each connection as it is, once the head of a request has come in. */
export async function startRawUpstream(answer: (socket: Socket) => void): Promise<Upstream> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {})
    let received = ''
    socket.on('data', (piece) => {
      const before = received
      received += piece.toString('latin1')
      const isHead = received.includes('\r\n\r\n') && !before.includes('\r\n\r\n')
      if (isHead) answer(socket)
    })
  })
  return await started(server, 'http://127.0.0.1')
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString('utf8')
}

type AnyServer = Server | ReturnType<typeof createTcpServer>

async function started(server: AnyServer, base: string): Promise<Upstream> {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `${base}:${port}`,
    get connections() {
      return connections
    },
    get openSockets() {
      return sockets.size
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
