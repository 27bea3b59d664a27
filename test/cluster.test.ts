/** What scripts reach where manager, orchestrator and executor are programs of their own. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClusterUnderTest, startClusterUnderTest, startProgram } from './cluster-under-test.ts'

const keyOf = (byte: number) => Buffer.alloc(32, byte).toString('base64')
const KEY = keyOf(1)
const VALUE = 'swordfish-in-the-cluster'

describe('a cluster', () => {
  let cluster: ClusterUnderTest
  const cleanUp = new AsyncDisposableStack()

  beforeAll(async () => {
    const env = { PICLOUD_SECRETS_KEY: KEY }
    cluster = await startClusterUnderTest({
      manager: env,
      // The old key stays while not all is sealed anew.
      executor: { PICLOUD_SECRETS_KEY: `${keyOf(2)},${KEY}` },
    })
    cleanUp.defer(() => cluster.stop())
    await cluster.api('PUT', '/apps/default/secrets/KEY', { value: VALUE })
  })
  afterAll(() => cleanUp.disposeAsync())

  async function answerOf(name: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${cluster.base}/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body ?? null),
    })
    return await answer.json()
  }

  it('keeps what scripts keep', async () => {
    await cluster.deploy('count', 'if request.method == "POST" { kv::incr("count") } else { 0 }')
    expect([await answerOf('count'), await answerOf('count')]).toEqual([1, 2])
  })

  it('gives scripts the secrets that the manager has sealed, and masks them', async () => {
    const source = 'log::info("is " + secrets::get("KEY")); [secrets::get("KEY")]'
    const scriptId = await cluster.deploy('reader', source)
    expect(await answerOf('reader')).toEqual([VALUE])
    const record = async () => {
      const { items } = await cluster.api('GET', `/executions?script=${scriptId}`)
      const [{ id }] = items as readonly [{ readonly id: string }]
      return JSON.stringify(await cluster.api('GET', `/executions/${id}`))
    }
    await expect.poll(record).toContain('is [secret KEY]')
    expect(await record()).not.toContain(VALUE)
  })

  it('has scripts run others of their app', async () => {
    await cluster.deploy('double', 'if type_of(request.body) == "i64" { request.body * 2 }')
    await cluster.deploy('caller', 'script::call("double", request.body ?? 1)')
    expect(await answerOf('caller', 21)).toBe(42)
  })

  it('lets scripts ask other servers, by the rules of their app', async () => {
    const server = createServer((_, response) => response.end('from outside')).listen(
      0,
      '127.0.0.1',
    )
    cleanUp.defer(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}/`
    await cluster.deploy(
      'asks',
      `let said = ""; try { said = http::get("${url}").body_raw.as_string() } catch (error) { said = error.code } [said]`,
    )
    expect(await answerOf('asks')).toEqual(['PIC_HTTP_REFUSED'])
    const egress = { allow: [`127.0.0.1:${port}`], deny: [] }
    await cluster.api('PATCH', '/apps/default', { settings: { egress } })
    await expect.poll(() => answerOf('asks')).toEqual(['from outside'])
  })
})

describe('an executor with a database', () => {
  it('does not start without a key of secrets', async () => {
    const { child, output } = startProgram('executor', {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      PICLOUD_EXECUTOR_SOCKET: '/tmp/picloud-never.sock',
    })
    const [code] = await once(child, 'close')
    expect(code).toBe(2)
    expect(output()).toMatch(/^picloud-executor: PICLOUD_SECRETS_KEY is not set; .*manager.*\n$/)
  })

  it('says at its start when secrets were sealed by a key it does not have', async () => {
    const cluster = await startClusterUnderTest({
      manager: { PICLOUD_SECRETS_KEY: KEY },
      executor: { PICLOUD_SECRETS_KEY: KEY },
    })
    try {
      await cluster.api('PUT', '/apps/default/secrets/KEY', { value: VALUE })
      const { child, output } = startProgram('executor', {
        DATABASE_URL: cluster.connectionString,
        PICLOUD_EXECUTOR_SOCKET: `/tmp/picloud-${process.pid}.sock`,
        PICLOUD_SECRETS_KEY: keyOf(3),
      })
      await expect.poll(output, { timeout: 20_000 }).toContain('picloud-executor is running')
      expect(output()).toContain('no key in PICLOUD_SECRETS_KEY opens')
      child.kill('SIGTERM')
      await once(child, 'exit')
    } finally {
      await cluster.stop()
    }
  })
})
