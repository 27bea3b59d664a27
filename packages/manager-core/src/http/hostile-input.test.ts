import { problemSchema } from '@picloud/shared'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'

interface Operation {
  readonly method: string
  readonly path: string
  readonly queryNames: readonly string[]
  readonly bodyNames: readonly string[]
}

const BODY_RUNS = 60
const TEXTS = [
  '',
  '\u0000',
  '\ud800',
  'a'.repeat(5_000),
  '../../etc/passwd',
  "'; drop table apps; --",
  '%',
  '%zz',
  '*',
  ':x',
  '{x}',
  '🙂',
  '-1',
  '1e999',
  'null',
  'true',
  '__proto__',
  'constructor',
]

let api: ManagerUnderTest
let operations: readonly Operation[]

beforeAll(async () => {
  // Each request from an address of its own, so that none is refused for those before it.
  let asked = 0
  api = await startManagerUnderTest({
    clientAddress: () => {
      asked += 1
      return String(asked)
    },
  })
  const { body } = await api.request('GET', '/api/v1/openapi.json')
  operations = Object.entries<Record<string, OpenApiOperation>>(body.paths).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        queryNames: (operation.parameters ?? [])
          .filter((parameter) => parameter.in === 'query')
          .map((parameter) => parameter.name),
        bodyNames: Object.keys(
          operation.requestBody?.content['application/json'].schema.properties ?? {},
        ),
      })),
  )
})
afterAll(() => api.close())

interface OpenApiOperation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[]
  readonly requestBody?: {
    readonly content: { 'application/json': { schema: { properties?: object } } }
  }
}

/** Whatever is sent, the answer is a documented one, and a refusal explains itself. */
function expectSane(answer: Answer, what: string): void {
  expect(answer.status, `${what}: ${answer.text} ${api.logs.at(-1)}`).toBeLessThan(500)
  expect(answer.status).not.toBe(429)
  if (answer.status >= 400) expect(problemSchema.parse(answer.body)).toEqual(answer.body)
}

describe('hostile input', () => {
  it('in any path parameter is refused as such', { timeout: 120_000 }, async () => {
    for (const { method, path } of operations) {
      if (!path.includes('{')) continue
      for (const text of TEXTS) {
        const part = encodeURIComponent(text.toWellFormed())
        const url = path.replaceAll(/\{\w+\}/g, part)
        const answer = await api.request(method, url, {
          ...(method === 'GET' || method === 'DELETE' ? {} : { json: {} }),
        })
        expectSane(answer, `${method} ${url}`)
      }
    }
  })

  it('in any query parameter is refused as such', { timeout: 120_000 }, async () => {
    for (const { method, path, queryNames } of operations) {
      for (const name of queryNames) {
        for (const text of TEXTS) {
          const value = encodeURIComponent(text.toWellFormed())
          const url = `${path.replaceAll(/\{\w+\}/g, 'default')}?${name}=${value}`
          if (method === 'DELETE') continue
          expectSane(await api.request(method, url), `${method} ${url}`)
        }
      }
    }
  })

  it('in any body is refused as such', { timeout: 120_000 }, async () => {
    const hostile = fc.oneof(
      fc.constantFrom(...TEXTS),
      fc.jsonValue({ maxDepth: 3 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
    )
    for (const { method, path, bodyNames } of operations) {
      if (bodyNames.length === 0) continue
      const url = path.replaceAll(/\{\w+\}/g, 'default')
      const body = fc.oneof(
        fc.jsonValue({ maxDepth: 3 }),
        fc.record(Object.fromEntries(bodyNames.map((name) => [name, hostile])), {
          requiredKeys: [],
        }),
      )
      await fc.assert(
        fc.asyncProperty(body, async (json) => {
          const answer = await api.request(method, url, {
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(json),
            ...(path === '/api/v1/setup' ? { token: null } : {}),
          })
          expectSane(answer, `${method} ${url} ${JSON.stringify(json)}`)
        }),
        { numRuns: BODY_RUNS },
      )
    }
  })

  it('nested ten thousand deep is refused and nothing else happens', async () => {
    const depth = 10_000
    const answer = await api.request('POST', '/api/v1/admin/apps', {
      headers: { 'content-type': 'application/json' },
      body: '['.repeat(depth) + ']'.repeat(depth),
    })
    expect(answer.status).toBe(422)
  })
})
