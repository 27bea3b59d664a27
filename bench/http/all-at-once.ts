/**
 * Many requests in the same moment, over connections opened beforehand, with no more of a client
 * than it takes: it is on the same cores.
 *
 * @module
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export async function openAll(url: string, count: number): Promise<readonly Socket[]> {
  const port = Number(new URL(url).port)
  return await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      return socket
    }),
  )
}

/** Resolves when each of them has a 200. */
export async function allAtOnce(sockets: readonly Socket[], path: string): Promise<void> {
  const answers = sockets.map(async (socket) => {
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    const [answer] = await once(socket, 'data')
    const [line = ''] = String(answer).split('\r\n', 1)
    if (!line.includes(' 200 ')) throw new Error(`${path} answered ${line}: ${answer}`)
  })
  await Promise.all(answers)
}
