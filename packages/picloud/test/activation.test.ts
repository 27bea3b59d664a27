/** Which version answers: the whole of `picloud start`, through its API and its ingress. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_LIMITS, defaultCeilings, SILENT_LOGGER } from '@picloud/shared'
import { createTestDatabase } from '@picloud/storage/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { start } from '../src/start/start.ts'

const TOKEN = 'token-of-the-operator'
const ADMIN = '/api/v1/admin'
const cleanUp = new AsyncDisposableStack()
let base: string

beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'picloud-activation-'))
  cleanUp.defer(() => rm(dataDir, { recursive: true }))
  const { connectionString, drop } = await createTestDatabase()
  cleanUp.defer(drop)
  const running = await start(
    {
      host: '127.0.0.1',
      port: 0,
      dataDir,
      databaseUrl: connectionString,
      adminToken: TOKEN,
      secretsKey: null,
      adminHost: null,
      trustedProxies: [],
      logLevel: 'silent',
      sandboxes: 1,
      limits: DEFAULT_LIMITS,
      ceilings: defaultCeilings(DEFAULT_LIMITS),
    },
    SILENT_LOGGER,
  )
  cleanUp.defer(() => running.stop())
  base = `http://localhost:${new URL(running.facts.url).port}`
})
afterAll(() => cleanUp.disposeAsync())

async function api(method: string, path: string, json?: object): Promise<{ id: string }> {
  const answer = await fetch(base + ADMIN + path, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  })
  expect(answer.status).toBeLessThan(300)
  return (await answer.json()) as { id: string }
}

async function served(): Promise<string> {
  return (await fetch(`${base}/which`)).text()
}

it('the active version answers, from the moment its activation is acknowledged', async () => {
  const app = await api('GET', '/apps/default')
  const create = { app_id: app.id, name: 'which', source: '"one, " + ctx.version' }
  const { id } = await api('POST', '/scripts', create)
  await api('POST', '/routes', { app_id: app.id, script_id: id, path_pattern: '/which' })
  expect(await served()).toBe('one, 1')

  await api('PUT', `/scripts/${id}`, { source: '"two, " + ctx.version' })
  expect(await served()).toBe('two, 2')
  await api('PUT', `/scripts/${id}`, { source: '"three, " + ctx.version', activate: false })
  expect(await served()).toBe('two, 2')
  await api('POST', `/scripts/${id}/versions/3:activate`)
  expect(await served()).toBe('three, 3')
  await api('POST', `/scripts/${id}:rollback`)
  expect(await served()).toBe('two, 2')
  await api('POST', `/scripts/${id}:rollback`)
  expect(await served()).toBe('one, 1')
  await api('PATCH', `/scripts/${id}`, { name: 'another' })
  expect(await served()).toBe('one, 1')
})
