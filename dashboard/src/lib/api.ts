/**
 * What the dashboard asks the manager's API for, through the generated client.
 *
 * Who is signed in is in a cookie that no script can read, this one included. That this browser
 * has signed in is noted, so that a visitor who has not is asked to before anything else.
 *
 * @module
 */
import { type Answer, ApiClient, type Failure, type Item } from '@picloud/api-client'
import { fetchTransport } from './fetch-transport.ts'

const SIGNED_IN_KEY = 'picloud-signed-in'

/** A call that failed, in the server's own words where it has any (RFC 9457). */
export class ApiError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const api = new ApiClient({ transport: fetchTransport, errorOf })

function errorOf(failure: Failure): ApiError {
  switch (failure.kind) {
    case 'problem': {
      const { status, code, detail } = failure.problem
      return new ApiError(status, code, detail)
    }
    case 'form':
      return new ApiError(200, 'PIC_UNKNOWN', 'The server has another version: reload this page.')
    case 'foreign':
      return new ApiError(failure.status, 'PIC_UNKNOWN', `The server answered ${failure.status}.`)
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
  await api.call('signIn', { body: { password } })
  localStorage.setItem(SIGNED_IN_KEY, '1')
}

export async function signOut(): Promise<void> {
  forgetSession()
  await api.call('endSession', { path: { session_id: 'current' } })
}

export async function setUp(options: {
  readonly setupToken: string
  readonly password: string
  readonly withToken: boolean
}): Promise<Answer<'completeSetup'>> {
  const { setupToken, password, withToken } = options
  const body = { setup_token: setupToken, password, with_token: withToken }
  const result = await api.call('completeSetup', { body })
  localStorage.setItem(SIGNED_IN_KEY, '1')
  return result
}

export async function version(): Promise<Answer<'getVersion'>> {
  return api.call('getVersion')
}

export interface AppOverview {
  readonly app: Item<'listApps'>
  readonly scripts: readonly Item<'listScripts'>[]
  readonly routes: readonly Item<'listRoutes'>[]
  readonly executions: readonly Item<'listExecutions'>[]
}

/** All apps with what they serve and what ran last. */
export async function overview(): Promise<readonly AppOverview[]> {
  const apps = await api.call('listApps', { query: { limit: 200 } })
  return Promise.all(
    apps.items.map(async (app) => {
      const [scripts, routes, executions] = await Promise.all([
        api.call('listScripts', { query: { app: app.slug, limit: 200 } }),
        api.call('listRoutes', { query: { app: app.slug, limit: 200 } }),
        api.call('listExecutions', { query: { app: app.slug, limit: 8 } }),
      ])
      return { app, scripts: scripts.items, routes: routes.items, executions: executions.items }
    }),
  )
}
