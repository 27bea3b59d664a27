/**
 * One call of every operation of the API that succeeds, and what must be there for it.
 *
 * Tests go through it that hold all operations to something: the contract of their answers, the
 * audit log. An operation without a row fails them: that is how a new one is not forgotten.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { type AppId, type ExecutionId, newId, type ScriptId } from '@picloud/shared'
import type { Operation } from './api-document.ts'
import type { Answer, ManagerUnderTest, RequestOptions } from './manager-under-test.ts'
import { ask, cookieOf, PASSWORD, signIn } from './signed-in.ts'

const ADMIN = '/api/v1/admin'

/** What calls need that is there already; every call gets one of its own. */
export interface Ground {
  readonly api: ManagerUnderTest
  /** Of a session. */
  readonly cookie: string
  /** Makes names that nobody has. */
  readonly number: number
  readonly app: { readonly id: AppId; readonly slug: string }
  /** Leads to the app. */
  readonly formerSlug: string
  readonly domain: { readonly id: string }
  /** With two versions, the second active. */
  readonly script: { readonly id: ScriptId }
  readonly route: { readonly id: string }
  readonly token: { readonly id: string }
  readonly execution: { readonly id: ExecutionId }
  readonly secret: { readonly name: string }
}

export interface SuccessfulCall {
  /** As the audit log says it; null: the call changes nothing. */
  readonly action: string | null
  /** For the names in braces of the path. */
  readonly params?: (ground: Ground) => Readonly<Record<string, string>>
  readonly query?: (ground: Ground) => Readonly<Record<string, string>>
  readonly json?: (ground: Ground) => object | Promise<object>
  /** Default: with a session. */
  readonly as?: 'anyone'
}

const ofApp = ({ app }: Ground) => ({ app: app.slug })
const ofScript = ({ script }: Ground) => ({ script_id: script.id })
const ofVersion = ({ script }: Ground) => ({ script_id: script.id, version: '1' })
const ofRoute = ({ route }: Ground) => ({ route_id: route.id })
const forced = () => ({ force: 'true' })
const aim = ({ app }: Ground) => ({ app_id: app.id, method: 'GET', path_pattern: '/made' })

export const SUCCESSFUL_CALLS: Readonly<Record<string, SuccessfulCall>> = {
  getHealth: { action: null, as: 'anyone' },
  getReadiness: { action: null, as: 'anyone' },
  getVersion: { action: null, as: 'anyone' },
  getOpenApi: { action: null, as: 'anyone' },
  getSystem: { action: null },

  completeSetup: {
    action: 'admin.create',
    as: 'anyone',
    json: async ({ api }) => ({
      setup_token: await api.manager.prepareSetup(),
      password: PASSWORD,
      with_token: true,
    }),
  },
  signIn: { action: 'session.create', as: 'anyone', json: () => ({ password: PASSWORD }) },
  listSessions: { action: null },
  endSession: { action: 'session.delete', params: () => ({ session_id: 'current' }) },
  endSessions: { action: 'session.delete' },
  changePassword: {
    action: 'admin.change_password',
    json: () => ({ current_password: PASSWORD, new_password: PASSWORD }),
  },
  listTokens: { action: null },
  createToken: { action: 'token.create', json: () => ({ name: 'ci' }) },
  deleteToken: { action: 'token.delete', params: ({ token }) => ({ token_id: token.id }) },
  listSecrets: { action: null, params: ofApp },
  putSecret: {
    action: 'secret.create',
    params: ({ app }) => ({ app: app.slug, name: 'MADE' }),
    json: () => ({ value: 'hunter22' }),
  },
  deleteSecret: {
    action: 'secret.delete',
    params: ({ app, secret }) => ({ app: app.slug, name: secret.name }),
  },
  rotateSecretsKey: { action: 'secret.rotate_key', json: () => ({ forget_old_keys: true }) },
  listAudit: { action: null, query: ofApp },

  listApps: { action: null, query: () => ({ q: 'app' }) },
  createApp: { action: 'app.create', json: ({ number }) => ({ slug: `made-${number}` }) },
  getApp: { action: null, params: ofApp },
  updateApp: {
    action: 'app.rename',
    params: ofApp,
    json: ({ number }) => ({ slug: `renamed-${number}` }),
  },
  deleteApp: { action: 'app.delete', params: ofApp, query: forced },
  checkSlug: { action: null, query: ({ formerSlug }) => ({ slug: formerSlug }) },
  listAppLimits: { action: null, params: ofApp },
  listFormerSlugs: { action: null, params: ofApp },
  releaseFormerSlug: {
    action: 'slug.release',
    params: ({ app, formerSlug }) => ({ app: app.slug, slug: formerSlug }),
  },

  getManifest: { action: null, params: ofApp },
  applyManifest: {
    action: 'script.delete',
    params: ofApp,
    json: () => ({ domains: [], scripts: [], routes: [] }),
  },
  exportApp: { action: null, params: ofApp },
  importApp: {
    action: 'app.create',
    json: async ({ api, app, number }) => ({
      file: (await api.request('GET', `${ADMIN}/apps/${app.slug}/export`)).body,
      slug: `made-${number}`,
      without_domains: true,
    }),
  },

  listDomains: { action: null, params: ofApp },
  claimDomain: {
    action: 'domain.claim',
    params: ofApp,
    json: ({ number }) => ({ pattern: `*.made-${number}.test` }),
  },
  checkDomain: {
    action: null,
    params: ({ app, domain }) => ({ app: app.slug, domain_id: domain.id }),
  },
  releaseDomain: {
    action: 'domain.release',
    params: ({ app, domain }) => ({ app: app.slug, domain_id: domain.id }),
    query: forced,
  },

  listKvKeys: { action: null, params: ofApp },
  getKvEntry: { action: null, params: ofApp, query: () => ({ key: 'kept/1' }) },
  putKvEntry: {
    action: 'kv.put',
    params: ofApp,
    query: () => ({ key: 'kept/1' }),
    json: () => ({ value: { $int: '9223372036854775807' } }),
  },
  deleteKvEntry: { action: 'kv.delete', params: ofApp, query: () => ({ key: 'kept/1' }) },

  listScripts: { action: null, query: ofApp },
  createScript: {
    action: 'script.create',
    json: ({ app }) => ({ app_id: app.id, name: 'made', source: '1' }),
  },
  getScript: { action: null, params: ofScript },
  saveScript: { action: 'script.save', params: ofScript, json: () => ({ source: '3' }) },
  renameScript: { action: 'script.rename', params: ofScript, json: () => ({ name: 'renamed' }) },
  deleteScript: { action: 'script.delete', params: ofScript, query: forced },
  listScriptVersions: { action: null, params: ofScript },
  getScriptVersion: { action: null, params: ofVersion },
  activateScriptVersion: { action: 'script.activate', params: ofVersion },
  rollBackScript: { action: 'script.rollback', params: ofScript },
  listScriptActivations: { action: null, params: ofScript },
  getScriptImports: { action: null, params: ofScript },
  diffScriptVersions: { action: null, params: ofScript },
  testScript: { action: null, params: ofScript, json: () => ({ source: '40 + 2' }) },
  listScriptSamples: { action: null, params: ofScript },
  putScriptSample: {
    action: 'sample.create',
    params: ({ script }) => ({ script_id: script.id, name: 'made' }),
    json: () => ({ method: 'POST', path: '/made', headers: { accept: ['*/*'] }, body: '1' }),
  },
  deleteScriptSample: {
    action: 'sample.delete',
    params: ({ script }) => ({ script_id: script.id, name: 'there' }),
  },

  listRoutes: { action: null, query: ofApp },
  createRoute: {
    action: 'route.create',
    json: (ground) => ({ ...aim(ground), script_id: ground.script.id }),
  },
  getRoute: { action: null, params: ofRoute },
  updateRoute: { action: 'route.update', params: ofRoute, json: () => ({ enabled: false }) },
  deleteRoute: { action: 'route.delete', params: ofRoute },
  checkRoute: { action: null, json: aim },
  explainRequest: {
    action: null,
    query: ({ app }) => ({ url: `https://${app.slug}.test/there` }),
  },

  listExecutions: { action: null, query: ofApp },
  streamExecutions: { action: null, query: ofApp },
  executionStatistics: { action: null, query: ofApp },
  getExecution: {
    action: null,
    params: ({ execution }) => ({ execution_id: execution.id }),
  },
}

/** A request of an operation, as {@link SUCCESSFUL_CALLS} has it. */
export interface PreparedCall {
  readonly method: string
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly json: object | undefined
}

export async function prepareCall(operation: Operation, ground: Ground): Promise<PreparedCall> {
  const call = SUCCESSFUL_CALLS[operation.operationId]
  assert(call !== undefined, `${operation.operationId} has a row among the successful calls`)
  return {
    method: operation.method,
    path: operation.path,
    params: call.params?.(ground) ?? {},
    query: call.query?.(ground) ?? {},
    json: await call.json?.(ground),
  }
}

export function urlOf({ path, params, query }: PreparedCall): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '')
  const search = new URLSearchParams(query).toString()
  return search === '' ? filled : `${filled}?${search}`
}

/** Does it, as who may. */
export async function callOperation(operation: Operation, ground: Ground): Promise<Answer> {
  const { api, cookie } = ground
  const call = await prepareCall(operation, ground)
  const options: RequestOptions = call.json === undefined ? {} : { json: call.json }
  if (SUCCESSFUL_CALLS[operation.operationId]?.as === 'anyone') {
    return await api.request(call.method, urlOf(call), { ...options, token: null })
  }
  return await ask(api, cookie, call.method, urlOf(call), options)
}

let grounds = 0

/** Of a PiCloud that is set up. */
export async function prepareGround(api: ManagerUnderTest): Promise<Ground> {
  grounds += 1
  const number = grounds
  const made = async (path: string, json: object) => {
    const { status, body, text } = await api.request('POST', `${ADMIN}${path}`, { json })
    assert.equal(status, 201, text)
    return body
  }
  const formerSlug = `former-${number}`
  const app = await made('/apps', { slug: formerSlug })
  app.slug = `app-${number}`
  await api.request('PATCH', `${ADMIN}/apps/${app.id}`, { json: { slug: app.slug } })
  const domain = await made(`/apps/${app.slug}/domains`, { pattern: `${app.slug}.test` })
  const script = await made('/scripts', { app_id: app.id, name: 'there', source: '1' })
  const kept = { key: 'kept/1', value: { int: 1 }, ttlMs: null }
  await api.database.kv.put(app.id, kept, { keysMax: 100, bytesMax: 1000 })
  await api.request('PUT', `${ADMIN}/scripts/${script.id}`, { json: { source: '2' } })
  await api.request('PUT', `${ADMIN}/scripts/${script.id}/samples/there`, { json: {} })
  const route = await made('/routes', {
    app_id: app.id,
    script_id: script.id,
    method: 'GET',
    host_pattern: `${app.slug}.test`,
    path_pattern: '/there',
  })
  const token = await made('/tokens', { name: 'there' })
  const execution = await record(api, app.id, script.id)
  const cookie = cookieOf(await signIn(api))
  const secret = { name: 'THERE' }
  const secretPath = `${ADMIN}/apps/${app.slug}/secrets/${secret.name}`
  const { status, text } = await api.request('PUT', secretPath, { json: { value: 'hunter21' } })
  assert.equal(status, 200, text)
  return { api, cookie, number, app, formerSlug, domain, script, route, token, execution, secret }
}

async function record(api: ManagerUnderTest, appId: AppId, scriptId: ScriptId) {
  const id = newId<ExecutionId>()
  await api.database.executions.insertBatch([
    {
      id,
      appId,
      scriptId,
      version: 1,
      routeId: null,
      trigger: 'execute',
      outcome: 'error',
      method: 'POST',
      path: '/',
      status: 500,
      startedAt: new Date(),
      durationMs: 1.25,
      operations: 42,
      logs: [{ at: Date.now(), level: 'info', message: 'hello', fields: { a: [1] } }],
      logsDropped: 0,
      error: {
        code: 'PIC_SCRIPT_FAILED',
        message: 'no',
        kind: 'ErrorRuntime',
        line: 1,
        column: 1,
      },
    },
  ])
  return { id }
}
