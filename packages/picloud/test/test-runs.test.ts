/**
 * Running a text that is not saved, through the whole program.
 */
import { TEST_ANSWER_BYTES_MAX } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Body,
  type PicloudUnderTest,
  startPicloudUnderTest,
  TOKEN,
} from './picloud-under-test.ts'

let picloud: PicloudUnderTest
let script: Body

beforeAll(async () => {
  picloud = await startPicloudUnderTest({ limits: { deadlineMs: 1_500 } })
  await picloud.deploy('"saved"', 'tried')
  script = await scriptNamed('tried')
})
afterAll(() => picloud.stop())

async function scriptNamed(name: string): Promise<Body> {
  const { items } = await picloud.api('GET', `/scripts?app=default&name=${name}`)
  return items[0]
}

function run(source: string, request: object = {}): Promise<{ status: number; body: Body }> {
  return picloud.ask('POST', `/scripts/${script.id}:test`, { source, request })
}

async function answerOf(source: string, request: object = {}): Promise<Body> {
  const { status, body } = await run(source, request)
  expect(status, JSON.stringify(body)).toBe(200)
  return body.answer
}

it('answers what the text answers, and leaves what is saved as it was', async () => {
  const { body } = await run('log::info("seen", #{ n: 1 }); #{ a: 1 }')
  expect(body.answer).toMatchObject({ status: 200, body: '{"a":1}', is_cut: false })
  expect(body.execution).toMatchObject({
    trigger: 'test',
    outcome: 'ok',
    script_id: script.id,
    version: 1,
    status: 200,
    error: null,
    logs: [{ level: 'info', message: 'seen', fields: { n: 1 } }],
  })
  expect(body.execution.operations).toBeGreaterThan(0)
  expect(await (await fetch(`${picloud.base}/tried`)).text()).toBe('saved')
  expect((await picloud.api('GET', `/scripts/${script.id}`)).latest_version).toBe(1)
})

it('gives the text the request as a route would', async () => {
  const { id } = await picloud.api('GET', '/apps/default')
  await picloud.api('POST', '/routes', {
    app_id: id,
    script_id: script.id,
    path_pattern: '/tried/:item',
  })
  const answer = await answerOf(
    `#{
      of: [request.method, request.path, request.host, request.query.q, request.params.item],
      headers: [request.headers["x-tag"], request.cookies.a],
      body: request.body, trigger: ctx.trigger, script: ctx.script,
    }`,
    {
      method: 'POST',
      path: '/tried/pie?q=a%20b',
      headers: { 'X-Tag': ['1', '2'], cookie: ['a=b'], 'content-type': ['application/json'] },
      body: '{"n":9223372036854775807}',
    },
  )
  expect(JSON.parse(answer.body.replace('9223372036854775807', '"max"'))).toEqual({
    of: ['POST', '/tried/pie', 'localhost', 'a b', 'pie'],
    headers: ['1, 2', 'b'],
    body: { n: 'max' },
    trigger: 'test',
    script: 'tried',
  })
})

it('uses the data, the secrets and the scripts of its app, and of no other', async () => {
  await picloud.api('PUT', '/apps/default/secrets/KEY', { value: 'hunter2-hunter2' })
  await picloud.deploy('fn twice(x) { x * 2 }', 'sums')
  await picloud.api('POST', '/apps', { slug: 'other' })
  await picloud.api('PUT', '/apps/other/secrets/THEIRS', { value: 'not-for-you' })
  const { body } = await run(
    `import "sums" as s;
     log::info("the key is " + secrets::get("KEY"));
     let theirs = "";
     try { theirs = secrets::get("THEIRS") } catch (e) { theirs = e.code }
     [s::twice(kv::incr("n")), theirs]`,
  )
  expect(body.answer.body).toBe('[2,"PIC_SECRETS_NOT_FOUND"]')
  expect(JSON.stringify(body.execution)).not.toContain('hunter2')
})

it('refuses a text that does not compile as saving it would', async () => {
  const source = 'let a = 1;\nlet b = (a + ;'
  const tried = await run(source)
  const saved = await picloud.ask('PUT', `/scripts/${script.id}`, { source })
  expect(tried.status).toBe(422)
  const { request_id: _tried, ...told } = tried.body
  const { request_id: _saved, ...expected } = saved.body
  expect(told).toEqual(expected)
  expect(told.line).toBe(2)
  expect((await run('import "nowhere" as n; 1')).body.code).toBe('PIC_SCRIPT_IMPORT_NOT_FOUND')
})

it('tells an error with its place, and what a caller would see of it', async () => {
  const { body } = await run('let a = 1;\n  a.missing.more')
  expect(body.execution).toMatchObject({ outcome: 'error', status: 500, error: { line: 2 } })
  expect(body.execution.error.message).not.toBe('')
  const seen = JSON.parse(body.answer.body)
  expect([body.answer.status, seen.status]).toEqual([500, 500])
  expect(seen.detail).not.toContain('missing')
  const thrown = await answerOf('throw #{ status: 404, message: "no such pie" }')
  expect([thrown.status, JSON.parse(thrown.body).detail]).toEqual([404, 'no such pie'])
})

describe('limits', () => {
  it('hold as for any request', async () => {
    const { body } = await run('while true {}')
    expect(body.execution.error.code).toMatch(/^PIC_(SCRIPT_LIMIT|EXEC_DEADLINE)$/)
    expect(body.execution.error.message).toContain('raises it')
  })

  it('cut an answer that is longer than anybody reads', async () => {
    const length = TEST_ANSWER_BYTES_MAX + 10
    const answer = await answerOf(`let text = "é"; text.pad(${length}, "é"); text`)
    expect(answer.is_cut).toBe(true)
    expect(Buffer.byteLength(answer.body)).toBeLessThanOrEqual(TEST_ANSWER_BYTES_MAX)
  })
})

it('shows what is no text in base64', async () => {
  const answer = await answerOf('let b = blob(3, 255); b')
  expect([answer.body, answer.body_base64]).toEqual([null, '////'])
})

it('collects what streams, and ends what never would', async () => {
  const ended = await answerOf('response::stream(["a", "b"], "text/plain")')
  expect([ended.status, ended.body, ended.is_cut]).toEqual([200, 'ab', false])
  const { body } = await run('response::stream(|| "tick ", "text/plain")')
  expect(body.answer.is_cut).toBe(true)
  expect(body.answer.body).toMatch(/^(tick )+/)
  expect(body.execution.error).toBeNull()
})

it('is recorded, and found by its trigger', async () => {
  const { body } = await run('log::warn("for the record"); 1')
  await expect
    .poll(async () => {
      const { items } = await picloud.api('GET', '/executions?app=default&trigger=test')
      return items.map(({ id }: Body) => id)
    })
    .toContain(body.execution.id)
  const kept = await picloud.api('GET', `/executions/${body.execution.id}`)
  expect(kept).toEqual(body.execution)
})

it('is for admins, and for no page of another origin', async () => {
  const { token } = await picloud.api('POST', '/tokens', {
    name: 'runs',
    scopes: ['execute', 'read'],
  })
  const ask = (headers: Record<string, string>) =>
    fetch(`${picloud.base}/api/v1/admin/scripts/${script.id}:test`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ source: '1' }),
    })
  expect((await ask({ authorization: `Bearer ${token}` })).status).toBe(403)
  expect((await ask({})).status).toBe(401)
  expect((await ask({ authorization: `Bearer ${TOKEN}` })).status).toBe(200)
})
