/**
 * A thousand requests at once whose scripts wait for the host, and how many processes that takes.
 *
 * @module
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { median } from '../figure.ts'
import { useOf } from '../processes.ts'
import { deploy, type Section, startInNewFolder } from '../section.ts'

const PROGRAM = fileURLToPath(new URL('../with-test-service.ts', import.meta.url))
const REQUESTS = 1000
const WAIT_MS = 200

export const waiting: Section = {
  name: 'waiting',
  title: `${REQUESTS} requests at once that wait ${WAIT_MS} ms each`,
  run: async ({ rounds }) => {
    await using stack = new AsyncDisposableStack()
    const server = await startInNewFolder(stack, { program: PROGRAM })
    await deploy(server, '/hello', '"hello"')
    await deploy(server, '/waiting', `test::sleep(${WAIT_MS}); "waited"`)
    const sockets = await openAll(server.url)
    stack.defer(() => {
      for (const socket of sockets) socket.destroy()
    })
    // Code is compiled, and every sandbox there that there will be.
    await allAtOnce(sockets, '/waiting')
    await allAtOnce(sockets, '/hello')
    const before = useOf(server.pid).length
    const times: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const startedAt = performance.now()
      await allAtOnce(sockets, '/waiting')
      times.push(performance.now() - startedAt)
    }
    const more = useOf(server.pid).length - before
    return [
      { name: 'all answered after', value: median(times), unit: 'ms', atMost: 1000 },
      { name: 'processes more than before', value: more, unit: '', atMost: 0 },
    ]
  },
}

/** Connections opened beforehand, with no more of a client than it takes: it is on the same cores. */
async function openAll(url: string): Promise<readonly Socket[]> {
  const port = Number(new URL(url).port)
  return await Promise.all(
    Array.from({ length: REQUESTS }, async () => {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      return socket
    }),
  )
}

async function allAtOnce(sockets: readonly Socket[], path: string): Promise<void> {
  const answers = sockets.map(async (socket) => {
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    const [answer] = await once(socket, 'data')
    const [line = ''] = String(answer).split('\r\n', 1)
    if (!line.includes(' 200 ')) throw new Error(`${path} answered ${line}`)
  })
  await Promise.all(answers)
}
