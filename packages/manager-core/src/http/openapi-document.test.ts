import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { appSchema } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'
import { endpoint } from './endpoint.ts'
import { openApiDocument } from './openapi-document.ts'

let api: ManagerUnderTest
// biome-ignore lint/suspicious/noExplicitAny: a document looked into from every side
let document: any

beforeAll(async () => {
  api = await startManagerUnderTest()
  document = (await api.request('GET', '/api/v1/openapi.json', { token: null })).body
})
afterAll(() => api.close())

interface Operation {
  readonly path: string
  readonly method: string
  readonly operationId: string
  readonly security: readonly object[]
  readonly parameters?: readonly { name: string; in: string; schema: object }[]
  readonly responses: Readonly<Record<string, { description: string; content?: object }>>
}

function operations(): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods as object).map(([method, operation]) => ({
      path,
      method,
      ...(operation as Omit<Operation, 'path' | 'method'>),
    })),
  )
}

/** Every object in the document. */
function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield value as Record<string, unknown>
  for (const member of Object.values(value)) yield* objectsIn(member)
}

describe('the OpenAPI document', () => {
  it('has the members OpenAPI 3.1 asks for', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toMatchObject({ title: 'PiCloud', version: '0.0.0-test' })
    for (const operation of operations()) {
      expect(operation.operationId).toMatch(/^[a-z][A-Za-z]+$/)
      expect(Object.keys(operation.responses).length).toBeGreaterThan(0)
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(status).toMatch(/^[2-5]\d\d$/)
        expect(response.description).not.toBe('')
      }
    }
  })

  it('gives every operation an id of its own', () => {
    const ids = operations().map((operation) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('resolves every reference', () => {
    const references = [...objectsIn(document)].flatMap((object) => object.$ref ?? [])
    expect(references.length).toBeGreaterThan(10)
    for (const reference of references) {
      expect(reference).toMatch(/^#\/components\/schemas\/\w+$/)
      const name = String(reference).split('/').at(-1) ?? ''
      expect(document.components.schemas).toHaveProperty(name)
    }
  })

  it('holds no shape that a JSON Schema reader would take for another dialect', () => {
    for (const object of objectsIn(document)) {
      expect(object).not.toHaveProperty('$defs')
      expect(object).not.toHaveProperty('$schema')
    }
  })

  it('declares a parameter for every name in a path', () => {
    for (const { path, parameters = [] } of operations()) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      const declared = parameters.filter((one) => one.in === 'path').map((one) => one.name)
      expect(declared).toEqual(names)
    }
  })

  it('asks for a token everywhere but at the open endpoints', () => {
    const open = operations()
      .filter((operation) => operation.security.length === 0)
      .map(({ method, path }) => `${method} ${path}`)
    expect(open.sort()).toEqual([
      'get /api/v1/openapi.json',
      'get /healthz',
      'get /readyz',
      'get /version',
      'post /api/v1/sessions',
      'post /api/v1/setup',
    ])
  })

  it('describes a query by the schema that checks it', () => {
    const list = document.paths['/api/v1/admin/executions'].get
    const names = list.parameters.map((parameter: { name: string }) => parameter.name)
    expect(names).toEqual(
      expect.arrayContaining([
        'limit',
        'cursor',
        'order',
        'app',
        'script',
        'outcome',
        'status',
        'q',
        'since',
      ]),
    )
    expect(list.parameters.every((one: { required: boolean }) => !one.required)).toBe(true)
  })

  it('has every endpoint that exists: no route is registered elsewhere', async () => {
    const folder = fileURLToPath(new URL('.', import.meta.url))
    const sources = (await readdir(folder)).filter((file) => /^[a-z-]+\.ts$/.test(file))
    const registering: string[] = []
    for (const file of sources) {
      const text = await readFile(`${folder}/${file}`, 'utf8')
      if (/\.(?:route|get|post|put|patch|delete|all)\(\s*(?:\{\s*method|PREFIX|`)/.test(text)) {
        registering.push(file)
      }
    }
    expect(registering.sort()).toEqual(['dashboard.ts', 'register-endpoints.ts'])
  })

  it('guards every admin path: without a token each answers 401', async () => {
    const admin = operations().filter(({ path }) => path.startsWith('/api/v1/admin/'))
    expect(admin.length).toBeGreaterThan(20)
    for (const { method, path } of admin) {
      const url = path.replaceAll(/\{\w+\}/g, 'x')
      const { status, body } = await api.request(method.toUpperCase(), url, { token: null })
      expect({ method, path, status, code: body.code }).toEqual({
        method,
        path,
        status: 401,
        code: 'PIC_UNAUTHENTICATED',
      })
    }
  })

  it('refuses to be made of two shapes with one name', () => {
    const other = z.object({ a: z.string() }).meta({ id: 'OpenApiTestShape' })
    const changed = z.object({ a: z.string().default('x') }).meta({ id: 'OpenApiTestShape2' })
    const definition = { method: 'POST', guard: 'open', summary: '' } as const
    const fine = endpoint({
      ...definition,
      path: '/a',
      id: 'a',
      body: z.object({ one: other }),
      handle: () => {},
    })
    const drifting = endpoint({
      ...definition,
      path: '/b',
      id: 'b',
      body: z.object({ one: changed }),
      result: z.object({ one: changed, app: appSchema }),
      handle: () => ({ one: { a: '' }, app: appSchema.parse({}) }),
    })
    expect(() => openApiDocument([fine], '1')).not.toThrow()
    expect(() => openApiDocument([drifting], '1')).toThrow('OpenApiTestShape2 is one shape')
  })
})
