/**
 * A way to the database that a test can cut and mend, as a network or a restart does.
 *
 * @module
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface CutOffProxy extends AsyncDisposable {
  readonly connectionString: string
  /** Ends every connection and takes no new one. */
  cut(): void
  mend(): void
}

export async function startCutOffProxy(connectionString: string): Promise<CutOffProxy> {
  const [address = '', query] = connectionString.split('?')
  const target = new URLSearchParams(query)
  const socketPath = `${target.get('host')}/.s.PGSQL.${target.get('port')}`
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((client) => {
    const upstream = connect(socketPath)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    if (isCut) client.destroy()
    else client.pipe(upstream).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const cutAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    connectionString: address.replace('@/', `@127.0.0.1:${port}/`),
    cut: () => {
      isCut = true
      cutAll()
    },
    mend: () => {
      isCut = false
    },
    [Symbol.asyncDispose]: async () => {
      cutAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
