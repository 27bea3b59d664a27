import type { IncomingMessage } from 'node:http'
import { TOKEN_SCOPES, type TokenScope } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ManagerUnderTest,
  PRESET_TOKEN,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'
import { setUp } from '../../test/signed-in.ts'

/** Operations that only read, though not by GET. */
const READING_POSTS: readonly string[] = ['checkRoute']

/** Operations that only read, and are for who may do everything. */
const ADMINS_GETS: readonly string[] = ['listSecrets']

interface Operation {
  readonly method: string
  readonly path: string
  readonly id: string
  readonly isGuarded: boolean
}

let api: ManagerUnderTest
let operations: readonly Operation[]
const tokens = new Map<TokenScope, string>()

beforeAll(async () => {
  api = await startManagerUnderTest()
  for (const scope of TOKEN_SCOPES) tokens.set(scope, await makeToken([scope]))
  const { body } = await api.request('GET', '/api/v1/openapi.json')
  operations = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, { operationId: string; security: object[] }>).map(
      ([method, { operationId, security }]) => ({
        method: method.toUpperCase(),
        path: path.replaceAll(/\{\w+\}/g, 'x'),
        id: operationId,
        isGuarded: security.length > 0,
      }),
    ),
  )
})
afterAll(() => api.close())

async function makeToken(scopes: readonly string[]): Promise<string> {
  const json = { name: scopes.join(' '), scopes }
  return (await api.request('POST', '/api/v1/admin/tokens', { json })).body.token
}

function isLet(scope: TokenScope, { method, id, isGuarded }: Operation): boolean {
  if (!isGuarded || scope === 'admin') return true
  if (ADMINS_GETS.includes(id)) return false
  return scope === 'read' && (method === 'GET' || READING_POSTS.includes(id))
}

describe('the scopes of a token', () => {
  it.each([
    ['none', []],
    ['an unknown one', ['write']],
    ['one twice', ['read', 'read']],
    ['no list', 'read'],
  ])('cannot be %s', async (_what, scopes) => {
    const json = { name: 'x', scopes }
    const { status, body } = await api.request('POST', '/api/v1/admin/tokens', { json })
    expect(status).toBe(422)
    expect(body.errors[0].pointer).toMatch(/^\/scopes/)
  })

  it('are shown in the list, and are "admin" when none were named', async () => {
    const made = await api.request('POST', '/api/v1/admin/tokens', { json: { name: 'plain' } })
    expect(made.body.scopes).toEqual(['admin'])
    const { body } = await api.request('GET', '/api/v1/admin/tokens')
    expect(body.items.map((item: { scopes: string[] }) => item.scopes)).toEqual(
      expect.arrayContaining([['admin'], ['execute'], ['read']]),
    )
  })

  it.each(TOKEN_SCOPES)('let %s do at every endpoint what they say and no more', async (scope) => {
    for (const operation of operations) {
      const { method, path, id } = operation
      // The event stream and the like go on: their head tells enough.
      const signal = AbortSignal.timeout(2_000)
      const token = tokens.get(scope) ?? ''
      if (id === 'endSessions' && scope === 'admin') continue
      const { status, body } = await api.request(method, path, { token, signal })
      const isRefused = status === 403 && body?.code === 'PIC_SCOPE_MISSING'
      expect({ id, scope, isRefused }).toEqual({ id, scope, isRefused: !isLet(scope, operation) })
    }
  })

  it('name the one that is missing', async () => {
    const token = tokens.get('read') ?? ''
    const { body } = await api.request('POST', '/api/v1/admin/apps', { token })
    expect(body).toMatchObject({ code: 'PIC_SCOPE_MISSING', scope: 'admin' })
    expect(body.detail).toBe('The token may not do this: it needs the scope "admin".')
  })

  it('let nobody make a token who may not do everything', async () => {
    const token = await makeToken(['read', 'execute'])
    const json = { name: 'wider', scopes: ['read'] }
    expect((await api.request('POST', '/api/v1/admin/tokens', { json, token })).status).toBe(403)
  })
})

describe('authorizeExecute', () => {
  function ask(headers: Record<string, string>) {
    return api.manager.authorizeExecute({ headers, socket: {} } as IncomingMessage, '192.0.2.1')
  }

  it.each([
    ['execute', true],
    ['admin', true],
    ['read', false],
  ] as const)('lets a token of the scope %s in: %s', async (scope, isIn) => {
    const asked = ask({ authorization: `Bearer ${tokens.get(scope)}` })
    if (isIn) expect(await asked).toMatchObject({ kind: 'token', scopes: [scope] })
    else await expect(asked).rejects.toMatchObject({ code: 'PIC_SCOPE_MISSING' })
  })

  it('lets the operator in, and nobody unknown', async () => {
    expect(await ask({ authorization: `Bearer ${PRESET_TOKEN}` })).toEqual({ kind: 'operator' })
    await expect(ask({})).rejects.toMatchObject({ code: 'PIC_UNAUTHENTICATED', status: 401 })
  })

  it('lets a session in as any change: with our header, and from our origin', async () => {
    const cookie = await setUp(api)
    const csrf = { 'x-picloud-csrf': '1' }
    expect(await ask({ cookie, ...csrf })).toMatchObject({ kind: 'admin', name: 'admin' })
    for (const headers of [{}, { ...csrf, 'sec-fetch-site': 'same-site' }]) {
      const asked = ask({ cookie, ...headers })
      await expect(asked).rejects.toMatchObject({ code: 'PIC_CSRF_REFUSED', status: 403 })
    }
  })
})
