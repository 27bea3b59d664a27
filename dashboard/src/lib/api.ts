/**
 * The dashboard's way to the manager's API.
 *
 * Who is signed in is in a cookie that no script can read, this one included. Changes carry the
 * header by which the manager knows that a page of ours, and no other site, sent them. That this
 * browser has signed in is noted, so that a visitor who has not is asked to before anything else.
 *
 * @module
 */
import type {
  App,
  Execution,
  Route,
  ScriptSummary,
  Session,
  SetupResult,
  Version,
} from '@picloud/shared'

const SIGNED_IN_KEY = 'picloud-signed-in'
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

/** Whether this browser signed in and not out; the session may have ended since. */
export function hasSignedIn(): boolean {
  return localStorage.getItem(SIGNED_IN_KEY) !== null
}

/** The session has ended. */
export function forgetSession(): void {
  localStorage.removeItem(SIGNED_IN_KEY)
}

export async function signIn(password: string): Promise<void> {
  await send<Session>('/api/v1/sessions', { method: 'POST', body: { password } })
  localStorage.setItem(SIGNED_IN_KEY, '1')
}

export async function signOut(): Promise<void> {
  forgetSession()
  await send<null>('/api/v1/sessions/current', { method: 'DELETE' })
}

export async function setUp(options: {
  readonly setupToken: string
  readonly password: string
  readonly withToken: boolean
}): Promise<SetupResult> {
  const { setupToken, password, withToken } = options
  const body = { setup_token: setupToken, password, with_token: withToken }
  const result = await send<SetupResult>('/api/v1/setup', { method: 'POST', body })
  localStorage.setItem(SIGNED_IN_KEY, '1')
  return result
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
  const { method = 'GET' } = options
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'GET' ? {} : { 'x-picloud-csrf': '1' }),
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
