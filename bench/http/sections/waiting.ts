/**
 * A thousand requests at once whose scripts wait for the host, and how many processes that takes.
 *
 * @module
 */
import { Agent, request } from 'node:http'
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
    const agent = new Agent({ keepAlive: true, maxSockets: REQUESTS })
    stack.defer(() => agent.destroy())
    // Connections are there, and every sandbox there will be.
    await allAtOnce(agent, `${server.url}waiting`)
    await allAtOnce(agent, `${server.url}hello`)
    const before = useOf(server.pid).length
    const times: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const startedAt = performance.now()
      await allAtOnce(agent, `${server.url}waiting`)
      times.push(performance.now() - startedAt)
    }
    const more = useOf(server.pid).length - before
    return [
      { name: 'all answered after', value: median(times), unit: 'ms', atMost: 1000 },
      { name: 'processes more than before', value: more, unit: '', atMost: 0 },
    ]
  },
}

async function allAtOnce(agent: Agent, url: string): Promise<void> {
  await Promise.all(Array.from({ length: REQUESTS }, () => get(agent, url)))
}

function get(agent: Agent, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      response.resume()
      response.once('end', () => {
        if (response.statusCode === 200) resolve()
        else reject(new Error(`${url} answered ${response.statusCode}`))
      })
    })
      .once('error', reject)
      .end()
  })
}
