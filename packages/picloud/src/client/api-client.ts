/**
 * The API as the commands use it: typed calls, parsed answers, typed errors.
 *
 * Every answer is checked against the schema the server validates with, so a command never works
 * on a shape it does not know. One method per endpoint; nothing here prints.
 *
 * @module
 */
import {
  type App,
  appListSchema,
  appSchema,
  type CreatedToken,
  type CreateRoute,
  type CreateScript,
  type CreateToken,
  createdTokenSchema,
  type Domain,
  domainListSchema,
  domainSchema,
  type Execution,
  executionListSchema,
  LIST_LIMIT_MAX,
  type Route,
  routeListSchema,
  routeSchema,
  type Script,
  type ScriptSummary,
  scriptListSchema,
  scriptSchema,
  type Token,
  tokenListSchema,
  type UpdateRoute,
} from '@picloud/shared'
import { z } from 'zod'
import { ServerUnreachableError, UnexpectedAnswerError } from '../errors.ts'
import { ApiError } from './api-error.ts'
import type { Connection } from './connection.ts'
import { sendRequest, type TransportAnswer } from './http-transport.ts'
import { EXECUTE_DEADLINE_MS, LIST_PAGES_MAX, REQUEST_DEADLINE_MS } from './limits.ts'

type Query = Readonly<Record<string, string | number | undefined>>

/** A page, or all of them together: `next_cursor` is null when there is no more. */
export interface List<T> {
  readonly items: T[]
  readonly next_cursor: string | null
}

export interface ExecuteRequest {
  readonly scriptId: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

const ADMIN = '/api/v1/admin'

export class ApiClient {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get server(): URL {
    return this.#connection.server
  }

  listApps(): Promise<List<App>> {
    return this.#all('/apps', appListSchema)
  }

  app(reference: string): Promise<App> {
    return this.#get(`/apps/${segment(reference)}`, appSchema)
  }

  createApp(app: { readonly slug: string; readonly name?: string }): Promise<App> {
    return this.#send('POST', '/apps', app, appSchema)
  }

  deleteApp(reference: string, force: boolean): Promise<void> {
    return this.#delete(`/apps/${segment(reference)}`, force)
  }

  listDomains(app: string): Promise<List<Domain>> {
    return this.#all(`/apps/${segment(app)}/domains`, domainListSchema)
  }

  claimDomain(app: string, pattern: string): Promise<Domain> {
    return this.#send('POST', `/apps/${segment(app)}/domains`, { pattern }, domainSchema)
  }

  releaseDomain(app: string, id: string, force: boolean): Promise<void> {
    return this.#delete(`/apps/${segment(app)}/domains/${segment(id)}`, force)
  }

  listScripts(filter: {
    readonly app?: string
    readonly name?: string
  }): Promise<List<ScriptSummary>> {
    return this.#all('/scripts', scriptListSchema, filter)
  }

  script(id: string): Promise<Script> {
    return this.#get(`/scripts/${segment(id)}`, scriptSchema)
  }

  createScript(script: CreateScript): Promise<Script> {
    return this.#send('POST', '/scripts', script, scriptSchema)
  }

  saveScript(id: string, source: string): Promise<Script> {
    return this.#send('PUT', `/scripts/${segment(id)}`, { source }, scriptSchema)
  }

  deleteScript(id: string, force: boolean): Promise<void> {
    return this.#delete(`/scripts/${segment(id)}`, force)
  }

  listRoutes(filter: { readonly app?: string }): Promise<List<Route>> {
    return this.#all('/routes', routeListSchema, filter)
  }

  route(id: string): Promise<Route> {
    return this.#get(`/routes/${segment(id)}`, routeSchema)
  }

  createRoute(route: CreateRoute): Promise<Route> {
    return this.#send('POST', '/routes', route, routeSchema)
  }

  updateRoute(id: string, change: UpdateRoute): Promise<Route> {
    return this.#send('PATCH', `/routes/${segment(id)}`, change, routeSchema)
  }

  deleteRoute(id: string): Promise<void> {
    return this.#delete(`/routes/${segment(id)}`, false)
  }

  listTokens(): Promise<List<Token>> {
    return this.#all('/tokens', tokenListSchema)
  }

  createToken(token: CreateToken): Promise<CreatedToken> {
    return this.#send('POST', '/tokens', token, createdTokenSchema)
  }

  deleteToken(id: string): Promise<void> {
    return this.#delete(`/tokens/${segment(id)}`, false)
  }

  /** One page; with `wait_ms` the server holds the answer, and the deadline grows by that. */
  executions(query: Query & { readonly wait_ms?: number }): Promise<List<Execution>> {
    const deadlineMs = REQUEST_DEADLINE_MS + (query.wait_ms ?? 0)
    return this.#get('/executions', executionListSchema, query, deadlineMs)
  }

  /** Runs a script by its id. What it answers is the answer, also an error; a refusal throws. */
  async execute(request: ExecuteRequest): Promise<TransportAnswer> {
    const answer = await sendRequest(this.#connection, {
      method: 'POST',
      path: `/api/v1/execute/${segment(request.scriptId)}`,
      query: request.query,
      headers: request.headers,
      body: request.body,
      deadlineMs: EXECUTE_DEADLINE_MS,
    })
    if (answer.status !== 401) return answer
    const refusal = ApiError.parse(jsonOf(answer), this.#connection.credentials().advice)
    // A 401 of the script's own is its answer.
    if (refusal?.code === 'PIC_UNAUTHENTICATED') throw refusal
    return answer
  }

  async #all<T>(path: string, schema: z.ZodType<List<T>>, filter: Query = {}): Promise<List<T>> {
    const items: T[] = []
    let cursor: string | null = null
    for (let page = 0; page < LIST_PAGES_MAX; page += 1) {
      const query: Query = { ...filter, limit: LIST_LIMIT_MAX, cursor: cursor ?? undefined }
      const list: List<T> = await this.#get(path, schema, query)
      items.push(...list.items)
      cursor = list.next_cursor
      if (cursor === null) break
    }
    return { items, next_cursor: cursor }
  }

  async #get<T>(
    path: string,
    schema: z.ZodType<T>,
    query: Query = {},
    deadlineMs = REQUEST_DEADLINE_MS,
  ): Promise<T> {
    const request = { method: 'GET', path: ADMIN + path, query, deadlineMs }
    return this.#parse(await sendRequest(this.#connection, request), schema)
  }

  async #send<T>(
    method: 'POST' | 'PUT' | 'PATCH',
    path: string,
    body: object,
    schema: z.ZodType<T>,
  ): Promise<T> {
    const headers = { 'content-type': 'application/json' }
    const request = { method, path: ADMIN + path, headers, body: JSON.stringify(body) }
    return this.#parse(await sendRequest(this.#connection, request), schema)
  }

  async #delete(path: string, force: boolean): Promise<void> {
    const query = { force: force ? 'true' : undefined }
    const request = { method: 'DELETE', path: ADMIN + path, query }
    this.#parse(await sendRequest(this.#connection, request), z.unknown())
  }

  #parse<T>(answer: TransportAnswer, schema: z.ZodType<T>): T {
    const body = jsonOf(answer)
    if (answer.status >= 300) throw this.#refusal(answer, body)
    const parsed = schema.safeParse(body)
    if (parsed.success) return parsed.data
    if (!isJson(answer)) throw this.#notPiCloud(answer)
    throw new UnexpectedAnswerError(
      'The server answered in a form this picloud does not know; are the versions of both equal? ' +
        z.prettifyError(parsed.error).replaceAll('\n', ' '),
    )
  }

  #refusal(answer: TransportAnswer, body: unknown): Error {
    const advice = answer.status === 401 ? this.#connection.credentials().advice : null
    return ApiError.parse(body, advice) ?? this.#notPiCloud(answer)
  }

  #notPiCloud(answer: TransportAnswer): ServerUnreachableError {
    // What stands before PiCloud, or PiCloud itself while it starts.
    if (answer.status >= 502 && answer.status <= 504) {
      return new ServerUnreachableError(
        `PiCloud at ${this.server.origin} is not ready: status ${answer.status}. ` +
          'Try again in a moment.',
      )
    }
    const type = answer.headers['content-type'] ?? 'no content type'
    return new ServerUnreachableError(
      `What answers at ${this.server.href} is not PiCloud's API: status ${answer.status}, ` +
        `${type}. Is --server or PICLOUD_SERVER right?`,
    )
  }
}

function segment(text: string): string {
  return encodeURIComponent(text)
}

function isJson(answer: TransportAnswer): boolean {
  return /\bjson\b/.test(answer.headers['content-type'] ?? '') || answer.status === 204
}

/** The body as JSON, undefined when it is none. */
function jsonOf(answer: TransportAnswer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer.body))
  } catch {
    // What is no JSON is told apart by the caller, who knows the status and the type.
    return undefined
  }
}
