/**
 * The pages of the modules are true: each `rhai` block runs in a real sandbox, and the `json` or
 * `text` block below it is what the script answers. A block marked `no-run` must compile only; one
 * marked `as NAME` is a script that the others of its page can call.
 */
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type LocalExecutor, startExecutor } from '@picloud/executor-core'
import { createHttpService, EgressGuard, type ScriptRunner } from '@picloud/host-services'
import { check } from '@picloud/rhai'
import {
  type AppId,
  DEFAULT_LIMITS,
  type ExecutionOutcome,
  type ExecutionRequest,
  executionLimitsOf,
  newId,
  type ScriptId,
  type ScriptVersionId,
  type StreamedAnswer,
} from '@picloud/shared'
import { sealSecret } from '@picloud/storage'
import { createTestDatabase } from '@picloud/storage/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SECRET_KEYS, servicesOn } from './services-under-test.ts'

const FOLDER = fileURLToPath(new URL('../docs/reference/modules', import.meta.url))
const BLOCK =
  /^```rhai( no-run| as [a-z-]+)?\n([\s\S]*?)^```$(?:\n+```(json|text)\n([\s\S]*?)^```$)?/gm
const MIB = 1024 * 1024

interface Example {
  readonly page: string
  readonly line: number
  readonly source: string
  readonly runs: boolean
  /** By which others call it. */
  readonly name: string | undefined
  readonly form: 'json' | 'text' | null
  readonly answer: string
}

const examples = (await pages()).flatMap(({ name, text }) => examplesIn(name, text))
const cleanUp = new AsyncDisposableStack()
let appId: AppId
/** What examples send requests to; in its place a server of this test answers. */
const API = 'https://api.example.com'
let api: Server
let executor: LocalExecutor
const http = createHttpService({ limits: DEFAULT_LIMITS, guard: new EgressGuard() })

beforeAll(async () => {
  const { database, drop } = await createTestDatabase()
  cleanUp.defer(drop)
  const { result: app } = await database.write((tx) => tx.apps.create({ slug: 'shop' }))
  appId = app.id
  const key = await SECRET_KEYS.current()
  const place = { appId, name: 'WEBHOOK_KEY' }
  const sealed = sealSecret(key, place, 'key of the examples')
  await database.write((tx) => tx.secrets.put({ ...place, keyId: key.id, sealed }))
  executor = startExecutor({
    processes: 1,
    sandboxMemoryBytesMax: 64 * MIB,
    services: [http, ...servicesOn(database, { scripts: { call: callExample } })],
  })
  cleanUp.defer(() => executor.stop())
  cleanUp.defer(() => http.close())
  api = createServer(answerExample)
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  cleanUp.defer(() => {
    api.close()
  })
})

afterAll(() => cleanUp.disposeAsync())

describe('docs/reference/modules', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(5)
  })

  it.each(examples)('$page:$line', async ({ source, runs, form, answer }) => {
    if (!runs) return check(source, { globals: ['request', 'ctx'] })
    const here = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
    const request = requestOf(source.replaceAll(API, here))
    const text = await contentOf(await executor.execute(request))
    if (form === 'json') expect(JSON.parse(text)).toEqual(JSON.parse(answer))
    if (form === 'text') expect(text.trimEnd()).toBe(answer.trimEnd())
  })
})

/** Runs the script of that name, on whichever page it stands. */
const callExample: ScriptRunner['call'] = async ({ name, payload, deadlineAt, call }, signal) => {
  const found = examples.find((example) => example.name === name)
  if (found === undefined) return null
  const { id, app, script, source, limits } = requestOf(found.source)
  const rest = { payload, deadlineAt, call }
  return executor.call({ id, app, script, source, limits, ...rest }, signal)
}

async function pages(): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.md'))
  return await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(FOLDER, name), 'utf8') })),
  )
}

function examplesIn(page: string, text: string): readonly Example[] {
  return [...text.matchAll(BLOCK)].map((found) => {
    const [, mark, source = '', form, answer = ''] = found
    return {
      page,
      line: text.slice(0, found.index).split('\n').length,
      source,
      runs: mark === undefined,
      name: mark?.match(/^ as (.*)$/)?.[1],
      form: form === 'json' || form === 'text' ? form : null,
      answer,
    }
  })
}

async function answerExample(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const { method, headers } = request
  const content = Buffer.concat(pieces).toString('utf8')
  const answers: Readonly<Record<string, object>> = {
    '/orders/7': { id: 7, item: 'book' },
    '/echo': { method, type: headers['content-type'], body: content },
  }
  const answer = answers[request.url ?? '']
  response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
  response.end(answer === undefined ? '' : JSON.stringify(answer))
}

/** All that a caller gets. */
async function contentOf(result: ExecutionOutcome | StreamedAnswer): Promise<string> {
  if (result.kind === 'failure') throw new Error(JSON.stringify(result))
  if (result.kind === 'answer') return Buffer.from(result.response.body).toString('utf8')
  let text = ''
  for (let piece = await result.next(); piece !== null; piece = await result.next()) {
    text += Buffer.from(piece).toString('utf8')
  }
  return text
}

function requestOf(source: string): ExecutionRequest {
  return {
    id: newId(),
    app: {
      id: appId,
      slug: 'shop',
      services: null,
      egress: { allow: ['127.0.0.1'], deny: [] },
    },
    script: {
      id: newId<ScriptId>(),
      name: 'example',
      versionId: newId<ScriptVersionId>(),
      version: 1,
    },
    source,
    trigger: 'http',
    request: {
      method: 'GET',
      url: 'http://localhost/',
      host: 'localhost',
      path: '/',
      params: {},
      query: {},
      headers: {},
      cookies: {},
      body: new Uint8Array(0),
      ip: '127.0.0.1',
    },
    deadlineAt: Date.now() + 20_000,
    limits: executionLimitsOf(DEFAULT_LIMITS),
  }
}
