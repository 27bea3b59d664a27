/**
 * docs/reference/metrics.md against what the three programs really answer at `/metrics`.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfiguration } from '@picloud/program'
import { SILENT_LOGGER } from '@picloud/shared'
import { createTestDatabase, type TestDatabase } from '@picloud/storage/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { start } from '../packages/picloud/src/start/start.ts'
import { START_SETTINGS } from '../packages/picloud/src/start/start-settings.ts'
import { MANAGER_SETTINGS } from '../packages/picloud-manager/src/manager-settings.ts'
import { startManager } from '../packages/picloud-manager/src/start-manager.ts'
import { ORCHESTRATOR_SETTINGS } from '../packages/picloud-orchestrator/src/orchestrator-settings.ts'
import { startOrchestrator } from '../packages/picloud-orchestrator/src/start-orchestrator.ts'

const PAGE = fileURLToPath(new URL('../docs/reference/metrics.md', import.meta.url))
const ROW =
  /^\| `(?<name>picloud_\w+)` \| (?<type>\w+) \|(?<labels>[^|]*)\| (?<by>[^|]+) \| (?<help>.+) \|$/gm
const TOKEN = 'token-of-the-metrics-test'

interface Row {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly labels: readonly string[]
}

const cleanUp = new AsyncDisposableStack()
let test: TestDatabase
const urls: Record<string, string> = {}

beforeAll(async () => {
  test = await createTestDatabase()
  cleanUp.defer(() => test.drop())
  const dataDir = await mkdtemp(join(tmpdir(), 'picloud-metrics-'))
  cleanUp.defer(() => rm(dataDir, { recursive: true }))
  const env = {
    DATABASE_URL: test.connectionString,
    PICLOUD_DATA_DIR: dataDir,
    PICLOUD_PORT: '0',
    PICLOUD_ADMIN_TOKEN: TOKEN,
    PICLOUD_EXECUTOR_SOCKET: join(dataDir, 'executor.sock'),
  }
  const all = await start(readConfiguration(START_SETTINGS, env), SILENT_LOGGER)
  cleanUp.defer(() => all.stop())
  urls.start = all.facts.url
  const manager = await startManager(readConfiguration(MANAGER_SETTINGS, env), SILENT_LOGGER)
  cleanUp.defer(() => manager.stop())
  urls.manager = manager.url
  const orchestrator = await startOrchestrator(
    readConfiguration(ORCHESTRATOR_SETTINGS, env),
    SILENT_LOGGER,
  )
  cleanUp.defer(() => orchestrator.stop())
  urls.orchestrator = orchestrator.url
})
afterAll(() => cleanUp.disposeAsync())

async function documented(program: string): Promise<readonly Row[]> {
  const page = await readFile(PAGE, 'utf8')
  return [...page.matchAll(ROW)]
    .map(({ groups = {} }) => groups)
    .filter(({ by = '' }) => by.split(', ').includes(program))
    .map(({ name = '', type = '', help = '', labels = '' }) => ({
      name,
      type,
      help,
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label).sort(),
    }))
}

/** What a text says of its metrics: those whose figures are all still to come have no labels. */
function described(text: string): readonly Row[] {
  const heads = text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\w+)$/gm)
  return [...heads].map(([, name = '', help = '', type = '']) => {
    const sample = new RegExp(`^${name}(?:_bucket)?\\{(.*)\\} `, 'm').exec(text)?.[1] ?? ''
    const labels = [...sample.matchAll(/(\w+)="/g)].map(([, label = '']) => label)
    return { name, type, help, labels: labels.filter((label) => label !== 'le').sort() }
  })
}

async function metricsOf(program: string): Promise<string> {
  const headers = { authorization: `Bearer ${TOKEN}` }
  const response = await fetch(`${urls[program]}/metrics`, { headers })
  expect(response.status).toBe(200)
  return response.text()
}

it.each(['start', 'manager', 'orchestrator'])(
  'every metric of %s is documented, and none else',
  async (program) => {
    const told = described(await metricsOf(program))
    const page = await documented(program)
    const names = (rows: readonly Row[]) => rows.map(({ name }) => name).sort()
    expect(names(page)).toEqual(names(told))
    for (const row of told) {
      const documentedRow = page.find(({ name }) => name === row.name)
      const labels = row.labels.length === 0 ? documentedRow?.labels : row.labels
      expect({ ...row, labels }).toEqual(documentedRow)
    }
  },
)

it('counts what ran, in sandboxes that are there', async () => {
  expect((await fetch(`${urls.start}/hello`)).status).toBeLessThan(500)
  await fetch(`${urls.start}/nothing-is-here`)
  const text = await metricsOf('start')
  expect(text).toMatch(/^picloud_requests_total\{status="4xx"\} [1-9]/m)
  expect(text).toMatch(/^picloud_sandboxes_started_total [1-9]/m)
  expect(text).toContain('picloud_feed_connected 1\n')
  expect(text).toMatch(/^picloud_process_resident_memory_bytes [1-9]\d{6,}$/m)
})

it('answers nobody without a token', async () => {
  for (const url of Object.values(urls)) expect((await fetch(`${url}/metrics`)).status).toBe(401)
})

it('answers health, readiness and version to everybody, in the same form in all programs', async () => {
  for (const url of Object.values(urls)) {
    for (const path of ['/healthz', '/readyz']) {
      const response = await fetch(url + path)
      expect({ status: response.status, body: await response.json() }).toEqual({
        status: 200,
        body: { status: 'ok' },
      })
      expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
    }
    const version = await (await fetch(`${url}/version`)).json()
    expect(Object.keys(version as object).sort()).toEqual(['api', 'product', 'schema'])
  }
})
