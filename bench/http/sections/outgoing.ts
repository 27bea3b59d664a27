/**
 * A thousand requests at once whose scripts ask another server, which takes its time.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { allAtOnce, openAll } from '../all-at-once.ts'
import { median } from '../figure.ts'
import { deploy, type Section, startInNewFolder } from '../section.ts'

const UPSTREAM = fileURLToPath(new URL('../slow-upstream.mjs', import.meta.url))
const REQUESTS = 1000
const WAIT_MS = 200
/** Connections to the other server are closed after seconds without use. */
const UNTIL_CLOSED_MS = 6_000

export const outgoing: Section = {
  name: 'outgoing',
  title: `${REQUESTS} requests at once whose scripts ask a server that takes ${WAIT_MS} ms`,
  run: async ({ rounds }) => {
    await using stack = new AsyncDisposableStack()
    const { upstream, url } = await startUpstream()
    stack.defer(() => {
      upstream.kill()
    })
    const server = await startInNewFolder(stack)
    const egress = { allow: [new URL(url).host], deny: [] }
    await server.ask('PATCH', '/apps/default', { settings: { egress } })
    await deploy(server, '/hello', '"hello"')
    await deploy(server, '/asking', `http::get("${url}/").body_raw.as_string()`)
    const sockets = await openAll(server.url, REQUESTS)
    stack.defer(() => {
      for (const socket of sockets) socket.destroy()
    })
    // Code is compiled, and every sandbox there that there will be.
    for (let warm = 0; warm < 3; warm += 1) await allAtOnce(sockets, '/asking')
    const kept: number[] = []
    const fresh: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      kept.push(await timed(() => allAtOnce(sockets, '/asking')))
      await new Promise((resolve) => setTimeout(resolve, UNTIL_CLOSED_MS))
      await allAtOnce(sockets, '/hello')
      fresh.push(await timed(() => allAtOnce(sockets, '/asking')))
    }
    return [
      { name: 'all answered after', value: median(kept), unit: 'ms', atMost: 1000 },
      { name: 'all, each with a new connection', value: median(fresh), unit: 'ms', atMost: 1000 },
    ]
  },
}

async function startUpstream(): Promise<{ upstream: ChildProcess; url: string }> {
  const upstream = spawn(process.execPath, [UPSTREAM, String(WAIT_MS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (upstream.stdout === null) throw new Error('The server that is asked says nothing')
  const [line] = await once(upstream.stdout, 'data')
  return { upstream, url: String(line).trim() }
}

async function timed(run: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await run()
  return performance.now() - startedAt
}
