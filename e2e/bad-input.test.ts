/**
 * What goes wrong at start gets one clear line and a non-zero exit; what goes wrong in a request
 * gets a problem document, and nobody else notices.
 */
import { writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ADMIN_TOKEN,
  makeDataDir,
  type Program,
  picloud,
  removeDataDir,
  startProgram,
} from './program.ts'

const HEADERS = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }

interface Problem {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly request_id: string
  readonly [member: string]: unknown
}

let dataDir: string
let program: Program
let appId: string

beforeAll(async () => {
  dataDir = await makeDataDir()
  program = await startProgram(dataDir, {
    PICLOUD_ADMIN_TOKEN: ADMIN_TOKEN,
    PICLOUD_LIMIT_BODY_BYTES: '1000',
    PICLOUD_LIMIT_OPERATIONS: '1000000',
  })
  const app = await fetch(`${program.url}/api/v1/admin/apps/default`, { headers: HEADERS })
  appId = ((await app.json()) as { id: string }).id
})

afterAll(async () => {
  await program.stop()
  await removeDataDir(dataDir)
})

describe('requests', () => {
  it('refuses a script that does not parse, with its position, and stores nothing', async () => {
    const response = await create('scripts', { app_id: appId, name: 'broken', source: 'let x = ;' })
    const problem = await problemOf(response)
    expect(response.status).toBe(422)
    expect(problem).toMatchObject({ line: 1, column: 9 })
    const list = await fetch(`${program.url}/api/v1/admin/scripts?app=default`, {
      headers: HEADERS,
    })
    expect(JSON.stringify(await list.json())).not.toContain('broken')
  })

  it('names the host that no app claims', async () => {
    const problem = await problemOf(await get('/', 'nobody.example.com'))
    expect(problem.status).toBe(404)
    expect(problem.detail).toContain('nobody.example.com')
  })

  it('answers 404 for an unknown path', async () => {
    expect((await problemOf(await get('/no/such/path'))).status).toBe(404)
  })

  it('answers 405 with Allow for a wrong method', async () => {
    await endpoint('only-post', '/only-post', 'POST', '"posted"')
    const response = await get('/only-post')
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toContain('POST')
    await problemOf(response)
  })

  it('answers 413 to a body over the limit before reading all of it', async () => {
    await endpoint('sink', '/sink', 'POST', '"swallowed"')
    const answer = await rawRequest(
      program.url,
      'POST /sink HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\n\r\nonly the beginning',
    )
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('stops a runaway by its meter, names the limit, and leaves others alone', async () => {
    await endpoint('runaway', '/runaway', 'GET', 'loop { }')
    const [runaway, hello] = await Promise.all([get('/runaway'), get('/')])
    const problem = await problemOf(runaway)
    expect([500, 504]).toContain(problem.status)
    expect(problem.detail).toContain('1000000')
    expect(problem.detail).toContain('PICLOUD_LIMIT_OPERATIONS')
    expect(hello.status).toBe(200)
  })
})

describe('start', () => {
  it('says that the port is in use', async () => {
    const other = await makeDataDir()
    const port = new URL(program.url).port
    await expectOneLine(
      { PICLOUD_DATA_DIR: other, PICLOUD_PORT: port },
      new RegExp(`port ${port}: another program`),
    )
    await removeDataDir(other)
  })

  it('says that the data directory cannot be written', async () => {
    const parent = await makeDataDir()
    const file = join(parent, 'a-file')
    await writeFile(file, '')
    await expectOneLine({ PICLOUD_DATA_DIR: join(file, 'data') }, /a-file/)
    await removeDataDir(parent)
  })

  it('says that another PiCloud uses the data directory', async () => {
    await expectOneLine({ PICLOUD_DATA_DIR: dataDir }, /Another PiCloud/)
  })

  it('says that the database cannot be reached', async () => {
    const other = await makeDataDir()
    const url = `postgres://picloud:secret-word@127.0.0.1:${await freePort()}/picloud`
    const output = await expectOneLine({ PICLOUD_DATA_DIR: other, DATABASE_URL: url }, /reach/)
    expect(output).not.toContain('secret-word')
    await removeDataDir(other)
  })

  it.each([
    ['PICLOUD_PORT', '99999'],
    ['PICLOUD_LIMIT_BODY_BYTES', 'lots'],
    ['PICLOUD_NO_SUCH_SETTING', '1'],
  ])('names %s when it is wrong', async (name, value) => {
    await expectOneLine({ [name]: value }, new RegExp(name))
  })
})

async function expectOneLine(env: Record<string, string>, message: RegExp): Promise<string> {
  const { code, stdout, stderr } = await picloud(['start'], { PICLOUD_PORT: '0', ...env })
  expect(code).not.toBe(0)
  expect(stdout + stderr).toMatch(message)
  expect((stdout + stderr).trim().split('\n')).toHaveLength(1)
  return stdout + stderr
}

async function endpoint(name: string, path: string, method: string, source: string): Promise<void> {
  const script = (await (await create('scripts', { app_id: appId, name, source })).json()) as {
    id: string
  }
  const route = { app_id: appId, script_id: script.id, method, path_pattern: path }
  expect((await create('routes', route)).status).toBe(201)
}

function create(resource: string, body: object): Promise<Response> {
  return fetch(`${program.url}/api/v1/admin/${resource}`, {
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify(body),
  })
}

/** `fetch` will not send another Host, so a foreign host goes over a bare socket. */
async function get(path: string, host?: string): Promise<Response> {
  if (host === undefined) return fetch(`${program.url}${path}`)
  const answer = await rawRequest(
    program.url,
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  )
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  const type = /content-type: (.*)/i.exec(head)?.[1] ?? ''
  return new Response(body, {
    status: Number(head.split(' ')[1]),
    headers: { 'content-type': type },
  })
}

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  const problem = (await response.json()) as Problem
  expect(problem.code).toMatch(/^PIC_/)
  expect(problem.request_id).not.toBe('')
  return problem
}

async function rawRequest(url: string, text: string): Promise<string> {
  const { port } = new URL(url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), 'localhost', () => socket.write(text))
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')))
    socket.on('data', (chunk) => {
      answer += chunk.toString('utf8')
      if (/^HTTP\/1\.1 413/.test(answer) && answer.includes('\r\n\r\n')) socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 1
}
