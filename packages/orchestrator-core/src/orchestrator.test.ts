import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type AppId,
  DEFAULT_LIMITS,
  type ExecutionRequest,
  type Executor,
  type ScriptId,
  type UpcomingScript,
} from '@picloud/shared'
import { openDatabase } from '@picloud/storage'
import { createTestDatabase, type TestDatabase } from '@picloud/storage/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startCutOffProxy } from '../test/cut-off-proxy.ts'
import { RawClient } from '../test/raw-client.ts'
import { answerOutcome, failureOutcome } from '../test/test-ingress.ts'
import { UnauthenticatedError } from './errors.ts'
import { Orchestrator, type OrchestratorOptions } from './orchestrator.ts'

/** Answers with what it was asked to run. */
const echo: Executor = {
  execute: async ({ app, script, source }: ExecutionRequest) =>
    answerOutcome({ body: Buffer.from(`${app.slug}/${script.name}@${script.version}: ${source}`) }),
  stop: async () => {},
}

let test: TestDatabase
beforeEach(async () => {
  test = await createTestDatabase()
})
afterEach(async () => {
  await test.drop()
})

interface Node extends AsyncDisposable {
  readonly orchestrator: Orchestrator
  get(host: string, path: string): Promise<{ status: number; text: string }>
}

async function startNode(options: Partial<OrchestratorOptions> = {}): Promise<Node> {
  const orchestrator = new Orchestrator({
    database: test.database,
    executor: echo,
    limits: DEFAULT_LIMITS,
    adminListener: (_, response) => response.end('admin'),
    authorizeExecute: async () => {
      throw new UnauthenticatedError()
    },
    ...options,
  })
  const server = createServer(orchestrator.ingress.listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  orchestrator.start()
  return {
    orchestrator,
    get: async (host, path) => {
      const client = await RawClient.connect(port)
      client.send(`GET ${path} HTTP/1.1\r\nHost: ${host}.example.com\r\n\r\n`)
      const { status, body } = await client.answer()
      client.drop()
      return { status, text: String(body) }
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await orchestrator.stop(2_000)
    },
  }
}

interface Made {
  readonly appId: AppId
  readonly scriptId: ScriptId
  readonly sequence: number
}

async function makeApp(slug: string): Promise<Made> {
  const { result, sequence } = await test.database.write(async (tx) => {
    const { id: appId } = await tx.apps.create({ slug })
    const pattern = `${slug}.example.com`
    await tx.domains.claim({ appId, pattern, shapeKey: pattern })
    const { id: scriptId } = await tx.scripts.create({ appId, name: 'hello', source: '1' })
    const route = { method: 'GET', hostPattern: null, pathPattern: '/hello', enabled: true }
    await tx.routes.create({ appId, scriptId, ...route })
    return { appId, scriptId }
  })
  return { ...result, sequence }
}

describe('Orchestrator', () => {
  it('serves what is stored when it starts, and what changes after', async () => {
    const shop = await makeApp('shop')
    await using node = await startNode()
    expect(await node.orchestrator.ready(5_000)).toBe(true)
    expect(await node.get('shop', '/hello')).toEqual({ status: 200, text: 'shop/hello@1: 1' })

    const saved = await test.database.write((tx) =>
      tx.scripts.saveVersion(shop.scriptId, { source: '2' }),
    )
    await node.orchestrator.settled(saved.sequence)
    expect(await node.get('shop', '/hello')).toEqual({ status: 200, text: 'shop/hello@2: 2' })

    const blog = await makeApp('blog')
    await node.orchestrator.settled(blog.sequence)
    expect((await node.get('blog', '/hello')).status).toBe(200)

    const deleted = await test.database.write((tx) => tx.apps.deleteWithContents(shop.appId))
    await node.orchestrator.settled(deleted.sequence)
    expect((await node.get('shop', '/hello')).text).toContain('PIC_ROUTE_HOST_UNKNOWN')
    expect((await node.get('blog', '/hello')).status).toBe(200)
    expect(node.orchestrator.state).toMatchObject({ routingLoaded: true, feedConnected: true })
  })

  it('has a saved script compiled before who saved it goes on', async () => {
    const shop = await makeApp('shop')
    const begun: string[] = []
    const compiled: string[] = []
    const prepare = async ({ source }: UpcomingScript) => {
      begun.push(source)
      await new Promise((resolve) => setTimeout(resolve, source === 'slow' ? 5_000 : 20))
      compiled.push(source)
    }
    await using node = await startNode({ executor: { ...echo, prepare } })
    await node.orchestrator.ready(5_000)
    const save = async (source: string) => {
      const { scriptId } = shop
      const saved = await test.database.write((tx) => tx.scripts.saveVersion(scriptId, { source }))
      await node.orchestrator.settled(saved.sequence)
    }
    await save('2')
    expect(compiled).toEqual(['2'])
    // But not for ever.
    await save('slow')
    expect(begun).toEqual(['2', 'slow'])
    expect(compiled).toEqual(['2'])
  })

  it('shows the detail of errors as soon as the app allows it', async () => {
    const shop = await makeApp('shop')
    await using node = await startNode({
      executor: {
        execute: async () => failureOutcome({ message: 'no cats' }),
        stop: async () => {},
      },
    })
    await node.orchestrator.ready(5_000)
    expect((await node.get('shop', '/hello')).text).not.toContain('no cats')
    const settings = { show_error_detail: true }
    const allowed = await test.database.write((tx) => tx.apps.update(shop.appId, { settings }))
    await node.orchestrator.settled(allowed.sequence)
    expect((await node.get('shop', '/hello')).text).toContain('no cats')
  })

  it('records executions in the database and tells followers', async () => {
    const shop = await makeApp('shop')
    let told = 0
    await using node = await startNode({
      onExecutionsRecorded: () => {
        told += 1
      },
    })
    await node.orchestrator.ready(5_000)
    const before = told
    for (let turn = 0; turn < 3; turn += 1) await node.get('shop', '/hello')
    await expect.poll(() => told).toBeGreaterThan(before)
    const { items } = await test.database.executions.list({ appId: shop.appId, limit: 10 })
    expect(items).toHaveLength(3)
    expect(items[0]).toMatchObject({
      scriptId: shop.scriptId,
      scriptName: 'hello',
      trigger: 'http',
      outcome: 'ok',
      method: 'GET',
      path: '/hello',
      status: 200,
    })
  })

  it('writes what waits before it stops', async () => {
    const shop = await makeApp('shop')
    {
      await using node = await startNode()
      await node.orchestrator.ready(5_000)
      await node.get('shop', '/hello')
    }
    const { items } = await test.database.executions.list({ appId: shop.appId, limit: 10 })
    expect(items).toHaveLength(1)
  })

  it('asks to come again while it has never reached the database', async () => {
    await using proxy = await startCutOffProxy(test.connectionString)
    proxy.cut()
    const database = openDatabase({ connectionString: proxy.connectionString })
    await makeApp('shop')
    {
      await using node = await startNode({ database })
      expect(await node.orchestrator.ready(50)).toBe(false)
      expect((await node.get('shop', '/hello')).text).toContain('PIC_ROUTE_NOT_LOADED')
      proxy.mend()
      expect(await node.orchestrator.ready(10_000)).toBe(true)
      expect((await node.get('shop', '/hello')).status).toBe(200)
    }
    await database.close()
  })

  it('keeps answering while the database is away, then catches up and loses no record', async () => {
    await using proxy = await startCutOffProxy(test.connectionString)
    const database = openDatabase({ connectionString: proxy.connectionString })
    const shop = await makeApp('shop')
    {
      await using node = await startNode({ database })
      await node.orchestrator.ready(5_000)
      proxy.cut()
      await expect.poll(() => node.orchestrator.state.feedConnected).toBe(false)
      for (let turn = 0; turn < 5; turn += 1) {
        expect((await node.get('shop', '/hello')).text).toBe('shop/hello@1: 1')
      }
      const saved = await test.database.write((tx) =>
        tx.scripts.saveVersion(shop.scriptId, { source: '2' }),
      )
      expect((await node.get('shop', '/hello')).text).toBe('shop/hello@1: 1')
      proxy.mend()
      await node.orchestrator.settled(saved.sequence)
      expect((await node.get('shop', '/hello')).text).toBe('shop/hello@2: 2')
      await expect
        .poll(() => node.orchestrator.state.records, { timeout: 10_000 })
        .toMatchObject({ waiting: 0, written: 7, lost: 0 })
    }
    await database.close()
    const { items } = await test.database.executions.list({ appId: shop.appId, limit: 10 })
    expect(items).toHaveLength(7)
  })
})
