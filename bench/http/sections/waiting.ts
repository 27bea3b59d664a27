/**
 * A thousand requests at once whose scripts wait for the host, and how many processes that takes.
 *
 * @module
 */
import { fileURLToPath } from 'node:url'
import { allAtOnce, openAll } from '../all-at-once.ts'
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
    const sockets = await openAll(server.url, REQUESTS)
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
