/** Routes that run a request once however often it is sent; on a real database. */
import { setTimeout as sleep } from 'node:timers/promises'
import type {
  AppId,
  ExecutionRequest,
  RoutedApp,
  RouteIdempotency,
  ScriptId,
} from '@picloud/shared'
import { openDatabase } from '@picloud/storage'
import { createTestDatabase, type TestDatabase } from '@picloud/storage/testing'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RawAnswer } from '../../../test/raw-client.ts'
import {
  answerOutcome,
  failureOutcome,
  startTestIngress,
  type TestIngress,
  type TestIngressOptions,
} from '../../../test/test-ingress.ts'

const SWITCH: RouteIdempotency = { header: 'Idempotency-Key', required: false }

let test: TestDatabase
let client: pg.Client
let apps: readonly RoutedApp[] = []
const ids = { app: '', route: '' }
let runs: ExecutionRequest[] = []

beforeAll(async () => {
  test = await createTestDatabase()
  client = new pg.Client({ connectionString: test.connectionString })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await test.drop()
})
beforeEach(async () => {
  runs = []
  await makeApp()
})
const started: TestIngress[] = []
afterEach(async () => {
  for (const ingress of started.splice(0)) await ingress[Symbol.asyncDispose]()
})

async function makeApp(idempotency: RouteIdempotency = SWITCH): Promise<void> {
  const { result } = await test.database.write(async (tx) => {
    const old = await tx.apps.find('shop')
    if (old !== null) await tx.apps.deleteWithContents(old.id)
    const { id: appId } = await tx.apps.create({ slug: 'shop' })
    const pattern = '{tenant}.example.com'
    await tx.domains.claim({ appId, pattern, shapeKey: '*.example.com' })
    const { id: scriptId } = await tx.scripts.create({ appId, name: 'hello', source: '1' })
    const where = { method: '*', hostPattern: null, pathPattern: '/*rest', enabled: true }
    const route = await tx.routes.create({ appId, scriptId, ...where, idempotency })
    return { appId, scriptId, routeId: route.id }
  })
  Object.assign(ids, { app: result.appId, route: result.routeId })
  apps = (await test.database.routing.load([result.appId])).apps
}

async function start(options: TestIngressOptions = {}): Promise<TestIngress> {
  const { execute = () => ({ run: runs.length }) } = options
  const made = await startTestIngress({
    apps,
    ...options,
    execute: (request, signal) => {
      runs.push(request)
      return execute(request, signal)
    },
    ingress: { idempotency: test.database.idempotency, ...options.ingress },
  })
  started.push(made)
  return made
}

interface Sent {
  readonly method?: string
  readonly path?: string
  readonly host?: string
  readonly key?: string | null
  readonly body?: string
  readonly more?: string
}

function textOf({
  method = 'POST',
  path = '/pay',
  host = 'a',
  key = 'k-1',
  body = '{}',
  more = '',
}: Sent) {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}.example.com`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(key === null ? [] : [`Idempotency-Key: ${key}`]),
  ]
  return `${lines.join('\r\n')}\r\n${more}\r\n${body}`
}

const send = (ingress: TestIngress, sent: Sent = {}) =>
  ingress.ask(textOf(sent), { bare: sent.method === 'HEAD' })

const codeOf = ({ body }: RawAnswer) => JSON.parse(String(body)).code as string
const isReplayed = ({ headers }: RawAnswer) => headers['idempotency-replayed'] === 'true'

describe('a route with idempotency', () => {
  it('runs a request once, and answers it again as it did', async () => {
    const headers = { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] }
    const node = await start({
      execute: () => answerOutcome({ status: 201, headers, body: Buffer.from([0, 255, 65]) }),
    })
    const other = await start()
    const first = await send(node)
    for (const again of [await send(node), await send(other), await send(node, { key: '"k-1"' })]) {
      expect([again.status, again.body, again.cookies, isReplayed(again)]).toEqual([
        201,
        Buffer.from([0, 255, 65]),
        ['a=1', 'b=2'],
        true,
      ])
    }
    expect([first.status, isReplayed(first), runs.length]).toEqual([201, false, 1])
    expect(node.records).toHaveLength(1)
    expect((await send(node, { key: 'k-2' })).status).toBe(201)
    expect(runs).toHaveLength(2)
  })

  it('runs one of fifty that are sent at once, by two nodes', async () => {
    const execute = async () => {
      await sleep(150)
      return { done: true }
    }
    const nodes = [await start({ execute }), await start({ execute })] as const
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => send(nodes[n % 2] ?? nodes[0])),
    )
    expect(runs).toHaveLength(1)
    const fresh = answers.filter((each) => each.status === 200 && !isReplayed(each))
    expect(fresh).toHaveLength(1)
    for (const answer of answers) {
      if (answer.status === 200) expect(String(answer.body)).toBe('{"done":true}')
      else expect([answer.status, codeOf(answer)]).toEqual([409, 'PIC_IDEMPOTENCY_IN_FLIGHT'])
    }
    expect(answers.find(({ status }) => status === 409)?.headers['retry-after']).toBe('1')
    expect(isReplayed(await send(nodes[1]))).toBe(true)
  })

  it('stores the answer before it is sent, and runs on without its client', async () => {
    const node = await start({
      execute: async (_request, signal) => {
        await sleep(200)
        return { aborted: signal.aborted }
      },
    })
    const impatient = await node.connect()
    impatient.send(textOf({}))
    while (runs.length === 0) await sleep(5)
    impatient.drop()
    const stored = async () =>
      (await client.query('select answer from idempotency_keys')).rows[0]?.answer
    while (!(await stored())) await sleep(5)
    const other = await start()
    const again = await send(other)
    expect([isReplayed(again), String(again.body)]).toEqual([true, '{"aborted":false}'])
    expect(runs).toHaveLength(1)
  })

  it('refuses the key for another request', async () => {
    const node = await start()
    await send(node)
    const others: Sent[] = [
      { body: '{ }' },
      { path: '/pay?x=1' },
      { path: '/other' },
      { method: 'PUT' },
      { host: 'b' },
      { more: 'Authorization: Bearer other\r\n' },
    ]
    for (const sent of others) {
      const answer = await send(node, sent)
      expect([answer.status, codeOf(answer)]).toEqual([422, 'PIC_IDEMPOTENCY_MISMATCH'])
    }
    expect(runs).toHaveLength(1)
  })

  it.each(['', 'a b', 'x'.repeat(256), 'k\x80', '"a"b c"', '""'])(
    'refuses %j as a key',
    async (key) => {
      const answer = await send(await start(), { key })
      expect([answer.status, codeOf(answer)]).toEqual([400, 'PIC_IDEMPOTENCY_KEY_INVALID'])
      expect(runs).toHaveLength(0)
    },
  )

  it('refuses a key that is given twice', async () => {
    const answer = await send(await start(), { more: 'Idempotency-Key: k-2\r\n' })
    expect(codeOf(answer)).toBe('PIC_IDEMPOTENCY_KEY_INVALID')
  })

  it('runs requests without a key each time, unless one is required', async () => {
    const node = await start()
    for (let n = 0; n < 2; n += 1) expect((await send(node, { key: null })).status).toBe(200)
    expect(runs).toHaveLength(2)
    await makeApp({ header: 'X-Request-Key', required: true })
    const strict = await start()
    const missing = await send(strict)
    expect([missing.status, codeOf(missing)]).toEqual([400, 'PIC_IDEMPOTENCY_KEY_MISSING'])
    expect((await send(strict, { more: 'X-Request-Key: 7\r\n' })).status).toBe(200)
    expect(isReplayed(await send(strict, { more: 'X-Request-Key: 7\r\n' }))).toBe(true)
    expect((await send(strict, { method: 'GET' })).status).toBe(200)
  })

  it('answers errors of the script again, and those of PiCloud not', async () => {
    const thrown = { code: 'PIC_SCRIPT_THROWN', status: 404, exposed: true, message: 'No such.' }
    const failing = await start({ execute: () => failureOutcome(thrown) })
    await send(failing)
    const again = await send(failing)
    expect([again.status, isReplayed(again), runs.length]).toEqual([404, true, 1])
    expect(JSON.parse(String(again.body)).detail).toBe('No such.')

    const broken = await start({ execute: () => failureOutcome({ code: 'PIC_EXEC_SANDBOX_LOST' }) })
    expect((await send(broken, { key: 'k-2' })).status).toBe(500)
    expect((await send(await start(), { key: 'k-2' })).status).toBe(200)
    expect(runs).toHaveLength(3)
  })

  it('keeps errors with any text, also what no database holds', async () => {
    const thrown = { code: 'PIC_SCRIPT_THROWN', status: 404, exposed: true, message: 'a\0b\ud800' }
    const failing = await start({ execute: () => failureOutcome(thrown) })
    expect((await send(failing)).status).toBe(404)
    const again = await send(failing)
    expect([again.status, isReplayed(again), runs.length]).toEqual([404, true, 1])
  })

  it('keeps no long answer, and runs it no second time', async () => {
    const node = await start({
      limits: { idempotencyAnswerBytesMax: 100 },
      execute: () => answerOutcome({ body: Buffer.alloc(200) }),
    })
    expect((await send(node)).body).toHaveLength(200)
    const again = await send(node)
    expect([again.status, codeOf(again)]).toEqual([409, 'PIC_IDEMPOTENCY_ANSWER_NOT_KEPT'])
    expect(runs).toHaveLength(1)
  })

  it('refuses new keys of an app that has no room, and answers the old ones', async () => {
    const node = await start({
      limits: { idempotencyBytesMax: 3_000 },
      execute: () => answerOutcome({ body: Buffer.alloc(1_500) }),
    })
    expect((await send(node)).status).toBe(200)
    expect((await send(node, { key: 'k-2' })).status).toBe(200)
    const full = await send(node, { key: 'k-3' })
    expect([full.status, codeOf(full)]).toEqual([503, 'PIC_IDEMPOTENCY_FULL'])
    expect([isReplayed(await send(node)), runs.length]).toEqual([true, 2])
  })

  it('runs nothing while the database is away', async () => {
    const away = openDatabase({ connectionString: 'postgres://nobody@127.0.0.1:1/none' })
    const node = await start({ ingress: { idempotency: away.idempotency } })
    const answer = await send(node)
    expect([answer.status, codeOf(answer)]).toEqual([503, 'PIC_IDEMPOTENCY_UNAVAILABLE'])
    expect(answer.headers['retry-after']).toBe('1')
    expect((await send(node, { key: null })).status).toBe(200)
    expect(runs).toHaveLength(1)
    await away.close()
  })

  it('gives the key of a node that died to the next, once its time is over', async () => {
    const taking = await takenByDead()
    const node = await start()
    expect(codeOf(await send(node))).toBe('PIC_IDEMPOTENCY_IN_FLIGHT')
    await client.query("update idempotency_keys set held_until = now() - interval '1 second'")
    expect(codeOf(await send(node, { body: '[]' }))).toBe('PIC_IDEMPOTENCY_MISMATCH')
    expect((await send(node)).status).toBe(200)
    // The dead one wakes up: what it has is no longer wanted.
    const kept = { answer: { kind: 'answer' }, body: null, bytes: 1 }
    expect(await test.database.idempotency.complete(taking, taking.owner, kept)).toBe(false)
    expect(isReplayed(await send(node))).toBe(true)
    expect(runs).toHaveLength(1)
  })

  it('forgets keys after a day, and deletes them when others come', async () => {
    const node = await start()
    for (const key of ['k-1', 'k-2', 'k-3']) await send(node, { key })
    await client.query("update idempotency_keys set expires_at = now() - interval '1 second'")
    expect(isReplayed(await send(node))).toBe(false)
    expect(runs).toHaveLength(4)
    const { rows } = await client.query('select count(*)::integer as count from idempotency_keys')
    expect(rows).toEqual([{ count: 1 }])
  })

  /** As a node leaves it that died while a script ran. */
  async function takenByDead() {
    const node = await start({ execute: () => new Promise(() => {}) })
    const client = await node.connect()
    client.send(textOf({}))
    while (runs.length === 0) await sleep(5)
    const [run] = runs
    if (run === undefined) throw new Error('nothing runs')
    runs = []
    const { rows } = await pgRows()
    return { routeId: rows[0]?.route_id, keyHash: rows[0]?.key_hash, owner: run.id }
  }

  const pgRows = () => client.query('select route_id, key_hash from idempotency_keys')
})

describe('the keys of a route', () => {
  it('go with it', async () => {
    await send(await start())
    await test.database.write((tx) => tx.apps.deleteWithContents(ids.app as AppId))
    expect((await client.query('select from idempotency_keys')).rowCount).toBe(0)
  })

  it('are not those of another', async () => {
    const node = await start()
    await send(node)
    const scriptId = apps[0]?.scripts[0]?.id as ScriptId
    await test.database.write((tx) =>
      tx.routes.create({
        appId: ids.app as AppId,
        scriptId,
        method: '*',
        hostPattern: null,
        pathPattern: '/pay/:id',
        enabled: true,
        idempotency: SWITCH,
      }),
    )
    apps = (await test.database.routing.load([ids.app as AppId])).apps
    expect((await send(await start(), { path: '/pay/1' })).status).toBe(200)
    expect(runs).toHaveLength(2)
  })
})
