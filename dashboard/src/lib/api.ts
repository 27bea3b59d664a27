/**
 * The dashboard's way to the manager's API.
 *
 * The admin token lives in this tab only (session storage) and travels as a bearer header, never
 * as a cookie, so that no other site can use it.
 *
 * @module
 */
import type { App, Execution, Route, ScriptSummary, SetupResult, Version } from '@picloud/shared'

const TOKEN_KEY = 'picloud-token'
const DEADLINE_MS = 15_000

/** An answer other than 2xx, with the problem document's own words (RFC 9457). */
export class ApiError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export function savedToken(): string | null {
  return sessionStorage.getItem(TOKEN_KEY)
}

export function saveToken(token: string): void {
  sessionStorage.setItem(TOKEN_KEY, token)
}

export function forgetToken(): void {
  sessionStorage.removeItem(TOKEN_KEY)
}

export async function setUp(setupToken: string): Promise<SetupResult> {
  return send('/api/v1/setup', { method: 'POST', body: { setup_token: setupToken } })
}

export async function version(): Promise<Version> {
  return send('/version')
}

export interface AppOverview {
  readonly app: App
  readonly scripts: readonly ScriptSummary[]
  readonly routes: readonly Route[]
  readonly executions: readonly Execution[]
}

/** All apps with what they serve and what ran last. */
export async function overview(): Promise<readonly AppOverview[]> {
  const apps = await send<{ items: App[] }>('/api/v1/admin/apps?limit=200')
  return Promise.all(
    apps.items.map(async (app) => {
      const query = `?app=${encodeURIComponent(app.slug)}`
      const [scripts, routes, executions] = await Promise.all([
        send<{ items: ScriptSummary[] }>(`/api/v1/admin/scripts${query}&limit=200`),
        send<{ items: Route[] }>(`/api/v1/admin/routes${query}&limit=200`),
        send<{ items: Execution[] }>(`/api/v1/admin/executions${query}&limit=8`),
      ])
      return { app, scripts: scripts.items, routes: routes.items, executions: executions.items }
    }),
  )
}

async function send<T>(
  path: string,
  options: { readonly method?: string; readonly body?: unknown } = {},
): Promise<T> {
  const token = savedToken()
  const response = await fetch(path, {
    method: options.method ?? 'GET',
    headers: {
      accept: 'application/json',
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    signal: AbortSignal.timeout(DEADLINE_MS),
  })
  const document: unknown = await response.json().catch(() => null)
  if (response.ok) return document as T
  const problem = document as { code?: string; detail?: string } | null
  throw new ApiError(
    response.status,
    problem?.code ?? 'PIC_UNKNOWN',
    problem?.detail ?? `The server answered ${response.status}.`,
  )
}
