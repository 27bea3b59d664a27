/** Requests that are sent again, to a whole program that is killed outright in between. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '@picloud/storage/testing'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startPicloud } from './command-line.ts'

const TOKEN = 'token-of-the-operator'
const cleanUp: (() => unknown)[] = []
let dataDir: string
let test: TestDatabase
let client: pg.Client

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'picloud-idempotency-'))
  test = await createTestDatabase()
  client = new pg.Client({ connectionString: test.connectionString })
  await client.connect()
})
afterEach(async () => {
  for (const end of cleanUp.splice(0).toReversed()) await end()
  await client.end()
  await test.drop()
  await rm(dataDir, { recursive: true })
})

interface Program {
  readonly base: string
  api(method: string, path: string, json?: object): Promise<{ readonly id: string }>
  /** Ends it at once: no line of it runs any more. */
  kill(): Promise<void>
}

async function start(connectionString = test.connectionString): Promise<Program> {
  const child: ChildProcess = startPicloud(['start', '--port', '0'], {
    DATABASE_URL: connectionString,
    PICLOUD_DATA_DIR: dataDir,
    PICLOUD_ADMIN_TOKEN: TOKEN,
    PICLOUD_SANDBOXES: '1',
  })
  const ended = once(child, 'close')
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  cleanUp.push(kill)
  let printed = ''
  child.stdout?.on('data', (chunk) => {
    printed += String(chunk)
  })
  const urlOf = () => /endpoints +(http:\S+?)\/\n/.exec(printed)?.[1]
  await expect.poll(urlOf, { timeout: 20_000 }).toBeDefined()
  const base = String(urlOf())
  return {
    base,
    kill,
    api: async (method, path, json) => {
      const answer = await fetch(`${base}/api/v1/admin${path}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      })
      const text = await answer.text()
      expect(answer.status, text).toBeLessThan(300)
      return JSON.parse(text)
    },
  }
}

async function deploy({ api }: Program, name: string, source: string): Promise<void> {
  const { id: app_id } = await api('GET', '/apps/default')
  const { id: script_id } = await api('POST', '/scripts', { app_id, name, source })
  const route = { app_id, script_id, path_pattern: `/${name}` }
  await api('POST', '/routes', { ...route, idempotency: { required: true } })
}

const send = ({ base }: Program, path: string, key = 'k-1') =>
  fetch(`${base}/${path}`, { method: 'POST', headers: { 'idempotency-key': key } })

async function codeOf(answer: Response): Promise<[number, string]> {
  return [answer.status, ((await answer.json()) as { code: string }).code]
}

const stored = async () => {
  const { rows } = await client.query('select answer is not null as stored from idempotency_keys')
  return rows.map((row) => row.stored)
}

describe('a program that is killed', () => {
  it('runs no script again whose answer was stored and never sent', async () => {
    const way = await startHeldReplies(test.connectionString)
    const killed = await start(way.connectionString)
    await deploy(killed, 'pay', '#{ run: kv::incr("runs") }')
    way.holdFrom(/update "idempotency_keys"/)
    const unanswered = send(killed, 'pay').catch((error: unknown) => error)
    await expect.poll(stored).toEqual([true])
    await killed.kill()
    expect(await unanswered).toBeInstanceOf(TypeError)

    const next = await start()
    const again = await send(next, 'pay')
    expect([again.headers.get('idempotency-replayed'), await again.json()]).toEqual([
      'true',
      { run: 1 },
    ])
    expect(await (await send(next, 'pay', 'k-2')).json()).toEqual({ run: 2 })
  })

  it('leaves the key in flight when no answer was stored, and then the script runs anew', async () => {
    const upstream = createServer().listen(0, '127.0.0.1')
    await once(upstream, 'listening')
    cleanUp.push(
      () => upstream.closeAllConnections(),
      () => upstream.close(),
    )
    const { port } = upstream.address() as AddressInfo
    const killed = await start()
    const egress = { allow: [`127.0.0.1:${port}`], deny: [] }
    await killed.api('PATCH', '/apps/default', { settings: { egress } })
    const source = `let run = kv::incr("runs"); if run == 1 { http::get("http://127.0.0.1:${port}/") } #{ run: run }`
    await deploy(killed, 'pay', source)
    const asked = once(upstream, 'request')
    const unanswered = send(killed, 'pay').catch((error: unknown) => error)
    await asked
    await killed.kill()
    expect(await unanswered).toBeInstanceOf(TypeError)
    expect(await stored()).toEqual([false])

    const next = await start()
    expect(await codeOf(await send(next, 'pay'))).toEqual([409, 'PIC_IDEMPOTENCY_IN_FLIGHT'])
    // Its deadline and the grace are over.
    await client.query("update idempotency_keys set held_until = now() - interval '1 second'")
    // What the first attempt had done before it died stays done.
    expect(await (await send(next, 'pay')).json()).toEqual({ run: 2 })
    expect((await send(next, 'pay')).headers.get('idempotency-replayed')).toBe('true')
  })
})

describe('a streamed answer of a route with idempotency', () => {
  const SCRIPTS = {
    chunks: 'kv::incr("runs"); response::stream(["a", "b", "c"])',
    events: 'kv::incr("runs"); response::sse([#{ id: 1, data: "a" }, #{ id: 2, data: "b" }])',
  }

  it.each(Object.entries(SCRIPTS))(
    'is sent once, and %s asked for again are refused',
    async (...[name, source]) => {
      const program = await start()
      await deploy(program, name, source)
      await deploy(program, 'runs', 'kv::get("runs")')
      const first = await send(program, name)
      expect([first.status, (await first.text()).includes('a')]).toEqual([200, true])
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const again = await codeOf(await send(program, name))
        expect(again).toEqual([409, 'PIC_IDEMPOTENCY_ANSWER_NOT_KEPT'])
      }
      expect(await (await send(program, 'runs', 'k-2')).json()).toBe(1)
    },
  )

  it('is refused while it streams, and after a kill in the middle of it', async () => {
    const killed = await start()
    const source =
      'kv::incr("runs"); let n = 0; response::stream(|| { n += 1; if n > 1 { loop {} } "a" })'
    await deploy(killed, 'half', source)
    await deploy(killed, 'runs', 'kv::get("runs")')
    const first = await send(killed, 'half')
    const reader = first.body?.getReader()
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('a')
    const refused = [409, 'PIC_IDEMPOTENCY_ANSWER_NOT_KEPT']
    expect(await codeOf(await send(killed, 'half'))).toEqual(refused)
    await killed.kill()
    await reader?.read().catch(() => {})
    const next = await start()
    expect(await codeOf(await send(next, 'half'))).toEqual(refused)
    expect(await (await send(next, 'runs', 'k-2')).json()).toBe(1)
  })
})

/**
 * A way to the database whose answers stop on a connection from a statement on: what it did is done,
 * and who asked for it does not hear of that.
 */
async function startHeldReplies(connectionString: string) {
  const [address = '', query] = connectionString.split('?')
  const target = new URLSearchParams(query)
  let held: RegExp | null = null
  const server = createSocketServer((client) => {
    const upstream = connect(`${target.get('host')}/.s.PGSQL.${target.get('port')}`)
    let isHeld = false
    client.on('data', (bytes) => {
      isHeld ||= held?.test(bytes.toString('latin1')) ?? false
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (!isHeld) client.write(bytes)
    })
    for (const socket of [client, upstream]) {
      socket.on('error', () => {})
      socket.on('close', () => {
        client.destroy()
        upstream.destroy()
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp.push(() => server.close())
  const { port } = server.address() as AddressInfo
  return {
    connectionString: address.replace('@/', `@127.0.0.1:${port}/`),
    holdFrom: (statement: RegExp) => {
      held = statement
    },
  }
}
