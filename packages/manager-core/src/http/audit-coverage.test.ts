/**
 * Every operation that can change something is done once here, and must be seen in the audit log.
 * An operation without a row fails the test: that is how a new one is not forgotten.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'
import { ask, cookieOf, PASSWORD, setUp, signIn } from '../../test/signed-in.ts'

const ADMIN = '/api/v1/admin'

let api: ManagerUnderTest
let cookie: string
let setupStatus: number
let counter = 0

/** What one call needs that is there already. */
interface Ground {
  readonly app: { readonly id: string; readonly slug: string }
  readonly domain: { readonly id: string }
  readonly script: { readonly id: string }
  readonly route: { readonly id: string }
  readonly token: { readonly id: string }
}

interface Row {
  readonly action: string
  /** The answer's status. */
  readonly call: (ground: Ground) => Promise<number>
}

/** Operations that are no GET and change nothing. */
const CHANGES_NOTHING: readonly string[] = ['checkRoute']

const ROWS: Readonly<Record<string, Row>> = {
  completeSetup: { action: 'admin.create', call: async () => setupStatus },
  signIn: { action: 'session.create', call: async () => (await signIn(api)).status },
  endSession: {
    action: 'session.delete',
    call: async () => {
      const other = cookieOf(await signIn(api))
      return (await ask(api, other, 'DELETE', '/api/v1/sessions/current')).status
    },
  },
  endSessions: {
    action: 'session.delete',
    call: async () => {
      const { status } = await ask(api, cookie, 'DELETE', '/api/v1/sessions')
      cookie = cookieOf(await signIn(api))
      return status
    },
  },
  changePassword: {
    action: 'admin.change_password',
    call: () => send('PUT', '/password', { current_password: PASSWORD, new_password: PASSWORD }),
  },
  createToken: {
    action: 'token.create',
    call: () => send('POST', '/tokens', { name: 'ci' }),
  },
  deleteToken: {
    action: 'token.delete',
    call: ({ token }) => send('DELETE', `/tokens/${token.id}`),
  },
  createApp: {
    action: 'app.create',
    call: () => send('POST', '/apps', { slug: `made-${counter}` }),
  },
  updateApp: {
    action: 'app.rename',
    call: ({ app }) => send('PATCH', `/apps/${app.slug}`, { slug: `renamed-${counter}` }),
  },
  applyManifest: {
    action: 'script.delete',
    call: ({ app }) =>
      send('PUT', `/apps/${app.slug}/manifest`, { domains: [], scripts: [], routes: [] }),
  },
  importApp: {
    action: 'app.create',
    call: async ({ app }) => {
      const file = (await ask(api, cookie, 'GET', `${ADMIN}/apps/${app.slug}/export`)).body
      return send('POST', '/apps:import', { file, slug: `made-${counter}`, without_domains: true })
    },
  },
  releaseFormerSlug: {
    action: 'slug.release',
    call: async ({ app }) => {
      await send('PATCH', `/apps/${app.slug}`, { slug: `renamed-${counter}` })
      return send('DELETE', `/apps/renamed-${counter}/slugs/${app.slug}`)
    },
  },
  deleteApp: {
    action: 'app.delete',
    call: ({ app }) => send('DELETE', `/apps/${app.slug}?force=true`),
  },
  claimDomain: {
    action: 'domain.claim',
    call: ({ app }) =>
      send('POST', `/apps/${app.slug}/domains`, { pattern: `made-${counter}.test` }),
  },
  releaseDomain: {
    action: 'domain.release',
    call: ({ app, domain }) => send('DELETE', `/apps/${app.slug}/domains/${domain.id}?force=true`),
  },
  createScript: {
    action: 'script.create',
    call: ({ app }) => send('POST', '/scripts', { app_id: app.id, name: 'made', source: '1' }),
  },
  saveScript: {
    action: 'script.save',
    call: ({ script }) => send('PUT', `/scripts/${script.id}`, { source: '2' }),
  },
  renameScript: {
    action: 'script.rename',
    call: ({ script }) => send('PATCH', `/scripts/${script.id}`, { name: 'renamed' }),
  },
  activateScriptVersion: {
    action: 'script.activate',
    call: async ({ script }) => {
      await send('PUT', `/scripts/${script.id}`, { source: '2' })
      return send('POST', `/scripts/${script.id}/versions/1:activate`)
    },
  },
  rollBackScript: {
    action: 'script.rollback',
    call: async ({ script }) => {
      await send('PUT', `/scripts/${script.id}`, { source: '2' })
      return send('POST', `/scripts/${script.id}:rollback`)
    },
  },
  deleteScript: {
    action: 'script.delete',
    call: ({ script }) => send('DELETE', `/scripts/${script.id}?force=true`),
  },
  createRoute: {
    action: 'route.create',
    call: ({ app, script }) =>
      send('POST', '/routes', {
        app_id: app.id,
        script_id: script.id,
        method: 'GET',
        path_pattern: '/made',
      }),
  },
  updateRoute: {
    action: 'route.update',
    call: ({ route }) => send('PATCH', `/routes/${route.id}`, { enabled: false }),
  },
  deleteRoute: {
    action: 'route.delete',
    call: ({ route }) => send('DELETE', `/routes/${route.id}`),
  },
}

async function send(method: string, path: string, json?: object): Promise<number> {
  const options = json === undefined ? {} : { json }
  return (await ask(api, cookie, method, `${ADMIN}${path}`, options)).status
}

async function made(path: string, json: object) {
  const { status, body } = await api.request('POST', `${ADMIN}${path}`, { json })
  expect(status, JSON.stringify(body)).toBe(201)
  return body
}

async function ground(): Promise<Ground> {
  counter += 1
  const app = await made('/apps', { slug: `app-${counter}` })
  const domain = await made(`/apps/${app.slug}/domains`, { pattern: `app-${counter}.test` })
  const script = await made('/scripts', { app_id: app.id, name: 'there', source: '1' })
  const route = await made('/routes', {
    app_id: app.id,
    script_id: script.id,
    method: 'GET',
    path_pattern: '/there',
  })
  const token = await made('/tokens', { name: 'there' })
  return { app, domain, script, route, token }
}

interface Entry {
  readonly id: string
  readonly action: string
  readonly actor: { readonly kind: string }
}

async function entries(): Promise<readonly Entry[]> {
  return (await api.request('GET', `${ADMIN}/audit?limit=200`)).body.items
}

beforeAll(async () => {
  api = await startManagerUnderTest()
  cookie = await setUp(api)
  setupStatus = cookie === '' ? 0 : 201
})
afterAll(() => api.close())

describe('every operation that changes something', () => {
  it('has a row here, and every row an operation', async () => {
    const { body } = await api.request('GET', '/api/v1/openapi.json')
    const changing = Object.values(body.paths as Record<string, object>).flatMap((methods) =>
      Object.entries(methods)
        .filter(([method]) => method !== 'get')
        .map(([, operation]) => (operation as { operationId: string }).operationId),
    )
    expect([...Object.keys(ROWS), ...CHANGES_NOTHING].sort()).toEqual(changing.sort())
  })

  it.each(Object.entries(ROWS))('%s is seen in the audit log', async (id, { action, call }) => {
    const there = await ground()
    const before = id === 'completeSetup' ? [] : await entries()
    const status = await call(there)
    expect([200, 201, 204]).toContain(status)
    const known = new Set(before.map((entry) => entry.id))
    const fresh = (await entries()).filter((entry) => !known.has(entry.id))
    const told = fresh.find((entry) => entry.action === action)
    expect(told, JSON.stringify(fresh.map((entry) => entry.action))).toBeDefined()
    expect(told?.actor.kind).toBe('admin')
  })
})
