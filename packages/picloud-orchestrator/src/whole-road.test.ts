/** From a socket to a sandbox and back: the cores put together as the programs do it. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { startExecutor } from '@picloud/executor-core'
import { createIngressServer, Orchestrator } from '@picloud/orchestrator-core'
import { DEFAULT_LIMITS } from '@picloud/shared'
import { createTestDatabase, type TestDatabase } from '@picloud/storage/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROUTES: readonly (readonly [name: string, route: string, source: string])[] = [
  ['greet', 'GET /greet/:name', '#{ hello: request.params.name, from: request.query.from ?? () }'],
  ['sum', 'POST /sum', 'let sum = 0; for n in request.body.numbers { sum += n; } #{ sum: sum }'],
  ['nothing', '* /nothing', '()'],
  ['teapot', 'GET /teapot', 'throw #{ status: 418, message: "short and stout" };'],
  ['broken', 'GET /broken', 'let secret = [1];\nlog::info("about to break");\nsecret[9]'],
  ['endless', 'GET /endless', 'let n = 0; loop { n += 1; }'],
]

const cleanUp = new AsyncDisposableStack()
let test: TestDatabase
let base: string

beforeAll(async () => {
  test = await createTestDatabase()
  cleanUp.defer(() => test.drop())
  const app = await test.database.apps.find('default')
  if (app === null) throw new Error('no default app')
  await test.database.write(async (tx) => {
    for (const [name, route, source] of ROUTES) {
      const [method = '', pathPattern = ''] = route.split(' ')
      const script = await tx.scripts.create({ appId: app.id, name, source })
      const where = { method, pathPattern, hostPattern: null, enabled: true }
      await tx.routes.create({ appId: app.id, scriptId: script.id, ...where })
    }
  })
  const limits = { ...DEFAULT_LIMITS, operationsMax: 1_000_000 }
  const executor = startExecutor({ ...limits, processes: 1 })
  cleanUp.defer(() => executor.stop())
  const orchestrator = new Orchestrator({
    database: test.database,
    executor,
    limits,
    adminListener: (_, response) => response.end(),
    authorizeExecute: async () => {},
  })
  orchestrator.start()
  cleanUp.defer(() => orchestrator.stop(2_000))
  expect(await orchestrator.ready(5_000)).toBe(true)
  const server = createIngressServer(orchestrator.ingress, limits).listen(0, '127.0.0.1')
  cleanUp.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  base = `http://localhost:${(server.address() as AddressInfo).port}`
})
afterAll(() => cleanUp.disposeAsync())

describe('the road from a socket to a sandbox and back', () => {
  it('carries path, query and content to the script, and its answer to the client', async () => {
    const greeting = await fetch(`${base}/greet/J%C3%BCrgen?from=here`)
    expect(await greeting.json()).toEqual({ hello: 'Jürgen', from: 'here' })
    const sum = await fetch(`${base}/sum`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ numbers: [1, 2, 39] }),
    })
    expect(await sum.json()).toEqual({ sum: 42 })
    expect((await fetch(`${base}/nothing`, { method: 'DELETE' })).status).toBe(204)
  })

  it('carries what a script throws for the client', async () => {
    const answer = await fetch(`${base}/teapot`)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({ status: 418, detail: 'short and stout' })
  })

  it('keeps an error for the record, which the request id finds', async () => {
    const answer = await fetch(`${base}/broken`)
    expect(answer.status).toBe(500)
    const text = await answer.text()
    expect(text).not.toContain('bounds')
    expect(text).toContain('The script failed.')
    const { request_id: id } = JSON.parse(text)
    await expect
      .poll(() => test.database.executions.find(id))
      .toMatchObject({
        outcome: 'error',
        status: 500,
        error: { kind: 'ErrorArrayBounds', line: 3 },
        logs: [{ level: 'info', message: 'about to break' }],
      })
  })

  it('stops a runaway and names the limit', async () => {
    const answer = await fetch(`${base}/endless`)
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(await answer.text()).toContain('PICLOUD_LIMIT_OPERATIONS')
    expect((await fetch(`${base}/nothing`)).status).toBe(204)
  })
})
