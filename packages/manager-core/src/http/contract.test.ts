/**
 * Every operation of the OpenAPI document is called: once so that it succeeds, and once for each
 * error it documents. The client of the manager under test holds every answer to the document.
 */
import { DEFAULT_LIMITS, MANIFEST_BODY_BYTES_MAX, newId } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Operation } from '../../test/api-document.ts'
import {
  type Answer,
  type ManagerUnderTest,
  type RequestOptions,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'
import {
  callOperation,
  type Ground,
  type PreparedCall,
  prepareCall,
  prepareGround,
  SUCCESSFUL_CALLS,
  urlOf,
} from '../../test/successful-calls.ts'

const limits = { ...DEFAULT_LIMITS, sourceBytesMax: 4_096 }
const BODY_BYTES_MAX = 2 * limits.sourceBytesMax + 16_384
const JSON_TYPE = { 'content-type': 'application/json' }

let api: ManagerUnderTest
let setup: Answer

beforeAll(async () => {
  api = await startManagerUnderTest({ limits })
  const bare = { api, cookie: '', number: 0 } as Ground
  setup = await callOperation(operationOf('completeSetup'), bare)
})
afterAll(() => api.close())

function operationOf(id: string): Operation {
  const found = api.document.operations.find(({ operationId }) => operationId === id)
  if (found === undefined) throw new Error(`${id} is no operation`)
  return found
}

describe('the contract of every operation', () => {
  it('is tested: each has a successful call', () => {
    const ids = api.document.operations.map(({ operationId }) => operationId)
    expect(Object.keys(SUCCESSFUL_CALLS).sort()).toEqual(ids.sort())
  })

  it.each(Object.keys(SUCCESSFUL_CALLS))('%s succeeds as the document says', async (id) => {
    const operation = operationOf(id)
    const ground = id === 'completeSetup' ? null : await prepareGround(api)
    const answer = ground === null ? setup : await callOperation(operation, ground)
    const success = Object.keys(operation.responses).find((status) => status.startsWith('2'))
    expect(String(answer.status), answer.text).toBe(success)
  })

  it('finds members, types and statuses that nobody documented', async () => {
    const operation = operationOf('getApp')
    const { app } = await prepareGround(api)
    const answer = await api.request('GET', `/api/v1/admin/apps/${app.slug}`)
    const check = (change: Partial<Answer>) => () =>
      api.document.requireDocumented(operation, { ...answer, ...change }, undefined)
    expect(check({})).not.toThrow()
    expect(check({ status: 418 })).toThrow('418')
    expect(check({ headers: new Headers({ 'content-type': 'text/html' }) })).toThrow('media type')
    expect(check({ body: { ...answer.body, extra: 1 } })).toThrow('additional properties')
    expect(check({ body: { ...answer.body, revision: '1' } })).toThrow('revision')
    expect(check({ body: { ...answer.body, created_at: 'today' } })).toThrow('created_at')
  })
})

/** A request that is refused, made of one that would succeed; null: it cannot be made of that. */
type Provocation = (
  call: PreparedCall,
  operation: Operation,
) => { readonly call?: Partial<PreparedCall>; readonly options?: RequestOptions } | null

const hasBody = ({ requestBody }: Operation) => requestBody !== undefined
const takes = ({ parameters = [] }: Operation, name: string) =>
  parameters.some((parameter) => parameter.name === name)
const withParams = ({ params }: PreparedCall, text: string) => ({
  call: { params: Object.fromEntries(Object.keys(params).map((name) => [name, text])) },
})

/** Of all operations that document the status. */
const PROVOCATIONS: Readonly<Record<string, Provocation>> = {
  400: (call, operation) => {
    if (hasBody(operation)) return { options: { headers: JSON_TYPE, body: '{' } }
    if (operation.path.includes('{')) return withParams(call, '%zz')
    return { call: { query: { ...call.query, nothing: '1' } } }
  },
  401: () => ({ options: { token: null } }),
  403: () => ({ options: { token: executeToken } }),
  404: (call) => {
    if (call.path.includes('{')) return withParams(call, newId())
    return { call: { query: { ...call.query, app: 'nowhere' } } }
  },
  412: () => ({ options: { headers: { 'if-match': '"999999"' } } }),
  413: () => ({ options: { headers: JSON_TYPE, body: ' '.repeat(BODY_BYTES_MAX + 1) } }),
  414: (call) => withParams(call, 'a'.repeat(257)),
  415: () => ({ options: { headers: { 'content-type': 'text/plain' }, body: '{}' } }),
  422: (call, operation) => {
    if (hasBody(operation)) return { options: { json: [] } }
    return takes(operation, 'cursor') ? { call: { query: { ...call.query, cursor: 'x' } } } : null
  },
}

const OVER_A_MANIFEST = {
  options: { headers: JSON_TYPE, body: ' '.repeat(MANIFEST_BODY_BYTES_MAX + 1) },
}
const WITHOUT_FORCE = { call: { query: {} } }
/** Where the way of all others does not lead there. */
const SPECIAL: Readonly<
  Record<string, (ground: Ground, call: PreparedCall) => ReturnType<Provocation>>
> = {
  'completeSetup 403': () => ({
    options: { json: { setup_token: 'x'.repeat(43), password: 'long enough a one' } },
  }),
  'signIn 401': () => ({ options: { json: { password: 'not this one' } } }),
  'signIn 403': () => ({ options: { headers: { 'sec-fetch-site': 'cross-site' } } }),
  'createApp 409': ({ app }) => ({ options: { json: { slug: app.slug } } }),
  'updateApp 409': () => ({ options: { json: { slug: 'default' } } }),
  'deleteApp 409': () => WITHOUT_FORCE,
  'applyManifest 409': () => ({
    options: { json: { domains: ['localhost'], scripts: [], routes: [] } },
  }),
  'applyManifest 413': () => OVER_A_MANIFEST,
  'importApp 409': ({ app }, { json }) => ({ options: { json: { ...json, slug: app.slug } } }),
  'importApp 413': () => OVER_A_MANIFEST,
  'claimDomain 409': ({ app }) => ({ options: { json: { pattern: `${app.slug}.test` } } }),
  'releaseDomain 409': () => WITHOUT_FORCE,
  'createScript 409': ({ app }) => ({
    options: { json: { app_id: app.id, name: 'there', source: '1' } },
  }),
  'renameScript 409': () => ({ options: { json: { name: 'other' } } }),
  'deleteScript 409': () => WITHOUT_FORCE,
  'rollBackScript 409': () => ({ call: { params: { script_id: scriptSavedOnce } } }),
  'createRoute 409': ({ app, script }) => ({
    options: {
      json: {
        app_id: app.id,
        script_id: script.id,
        method: 'GET',
        host_pattern: `${app.slug}.test`,
        path_pattern: '/there',
      },
    },
  }),
  'updateRoute 409': () => ({ options: { json: { path_pattern: '/other' } } }),
  'rotateSecretsKey 409': () => ({ options: { json: {} } }),
  'streamExecutions 422': () => ({ options: { headers: { 'last-event-id': 'x' } } }),
  'checkSlug 404': ({ formerSlug }) => ({ call: { query: { slug: formerSlug, app: 'nowhere' } } }),
}

/** Documented, and not to be provoked from outside. */
const NOT_PROVOKED: Readonly<Record<string, string>> = {
  'getManifest 409': 'an app that holds more than a manifest may',
  'exportApp 409': 'an app that holds more than a manifest may',
  'activateScriptVersion 413': 'a version stored before the limit was lowered',
  'activateScriptVersion 422': 'a version stored by a release whose language took more',
  'putScriptSample 409': 'as many samples as a script may have; script-samples.test.ts has them',
  'putSecret 409': 'an app with as many secrets as it may have; secrets.test.ts has one',
  'diffScriptVersions 422': 'more lines than a source has here; script-versions.test.ts has them',
  'changePassword 404': 'the account went away between the guard and the change',
}
/** Tested for all at once below. */
const EVERYWHERE = ['429', '503']

let ground: Ground
let executeToken = ''
let scriptSavedOnce = ''

describe('every documented error of every operation', () => {
  beforeAll(async () => {
    ground = await prepareGround(api)
    const json = { name: 'runs only', scopes: ['execute'] }
    executeToken = (await api.request('POST', '/api/v1/admin/tokens', { json })).body.token
    const other = { app_id: ground.app.id, name: 'other', source: '1' }
    scriptSavedOnce = (await api.request('POST', '/api/v1/admin/scripts', { json: other })).body.id
    const route = { app_id: ground.app.id, script_id: ground.script.id, method: 'GET' }
    const host = `${ground.app.slug}.test`
    await api.request('POST', '/api/v1/admin/routes', {
      json: { ...route, host_pattern: host, path_pattern: '/other' },
    })
  })

  it.each(Object.keys(SUCCESSFUL_CALLS))('%s', async (id) => {
    const operation = operationOf(id)
    const call = id === 'completeSetup' ? bareCall(operation) : await prepareCall(operation, ground)
    const documented = Object.keys(operation.responses).filter((status) => status >= '400')
    for (const status of documented.filter((each) => !EVERYWHERE.includes(each))) {
      const name = `${id} ${status}`
      const found = SPECIAL[name]?.(ground, call) ?? PROVOCATIONS[status]?.(call, operation) ?? null
      if (NOT_PROVOKED[name] !== undefined) continue
      expect(found, `a way to provoke ${name}`).not.toBeNull()
      const url = urlOf({ ...call, ...found?.call })
      const json = call.json === undefined ? {} : { json: call.json }
      const isOwnBody = found?.options?.body !== undefined
      const options = { ...(isOwnBody ? {} : json), ...found?.options }
      const answer = await api.request(operation.method, url, options)
      expect(`${name}: ${answer.status}`, answer.text).toBe(`${name}: ${status}`)
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
    }
  })

  it('names no operation and no status that is not there', () => {
    const all = api.document.operations.flatMap(({ operationId, responses }) =>
      Object.keys(responses).map((status) => `${operationId} ${status}`),
    )
    expect(all).toEqual(expect.arrayContaining(Object.keys({ ...SPECIAL, ...NOT_PROVOKED })))
  })

  it('429 to who guessed too often', async () => {
    const guessed = await startManagerUnderTest()
    const guess = { token: `pic_${'x'.repeat(43)}` }
    for (let guesses = 0; guesses < 10; guesses += 1) {
      await guessed.request('GET', '/api/v1/admin/apps', guess)
      await guessed.request('POST', '/api/v1/sessions', bodyOf(operationOf('signIn')))
    }
    for (const operation of guessed.document.operations) {
      if (!('429' in operation.responses)) continue
      const options = { ...guess, ...bodyOf(operation) }
      const { status } = await guessed.request(operation.method, plainUrl(operation), options)
      expect(`${operation.operationId} ${status}`).toBe(`${operation.operationId} 429`)
    }
    await guessed.close()
  })

  it('503 from a manager that stops', async () => {
    const stopping = await startManagerUnderTest()
    await stopping.manager.close()
    for (const operation of stopping.document.operations) {
      const { status } = await stopping.request(operation.method, plainUrl(operation))
      expect(`${operation.operationId} ${status}`).toBe(`${operation.operationId} 503`)
    }
    await stopping.close()
  })
})

function bareCall({ method, path }: Operation): PreparedCall {
  return { method, path, params: {}, query: {}, json: undefined }
}

function plainUrl({ path }: Operation): string {
  return path.replaceAll(/\{\w+\}/g, 'x')
}

/** What gets as far as the limit on guesses. */
function bodyOf({ operationId }: Operation): RequestOptions {
  if (operationId === 'signIn') return { json: { password: 'not this one' }, token: null }
  if (operationId !== 'completeSetup') return {}
  return { json: { setup_token: 'x'.repeat(43), password: 'long enough a one' }, token: null }
}
