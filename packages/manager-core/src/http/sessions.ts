/**
 * `/api/v1/setup`, `/api/v1/sessions`, `/api/v1/admin/password`: accounts and signing in.
 * Rules live in `domain/setup.ts`, `domain/sessions.ts` and `domain/passwords.ts`.
 *
 * @module
 */
import {
  changePasswordSchema,
  type Session,
  sessionListSchema,
  sessionSchema,
  setupResultSchema,
  setupSchema,
  signInSchema,
} from '@picloud/shared'
import type { SessionRow } from '@picloud/storage'
import type { Principal } from '../auth/principal.ts'
import type { Author } from '../domain/author.ts'
import type { Passwords } from '../domain/passwords.ts'
import { CURRENT, type Sessions } from '../domain/sessions.ts'
import type { Setup } from '../domain/setup.ts'
import { type Endpoint, endpoint } from './endpoint.ts'

const SESSIONS = '/api/v1/sessions'
/** Anyone may send one, and it holds a password and little else. */
const BODY_BYTES_MAX = 4_096

export interface SessionParts {
  readonly setup: Setup
  readonly sessions: Sessions
  readonly passwords: Passwords
}

export function sessionEndpoints({
  setup,
  sessions,
  passwords,
}: SessionParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/api/v1/setup',
      guard: 'open',
      id: 'completeSetup',
      summary: 'Exchange the one-time set-up token for the first account, and sign in to it',
      body: setupSchema,
      bodyBytesMax: BODY_BYTES_MAX,
      result: setupResultSchema,
      status: 201,
      errors: [403, 429],
      handle: async ({ body, by, client }) => {
        const { row, token, accessToken } = await setup.complete(by, {
          setupToken: body.setup_token,
          password: body.password,
          withToken: body.with_token,
          userAgent: client.userAgent,
        })
        client.keep(token, row.expiresAt)
        return { session: sessionOf(row, row.id), token: accessToken }
      },
    }),
    endpoint({
      method: 'POST',
      path: SESSIONS,
      guard: 'open',
      id: 'signIn',
      summary: 'Sign in with a password: the answer sets the session cookie',
      body: signInSchema,
      bodyBytesMax: BODY_BYTES_MAX,
      result: sessionSchema,
      status: 201,
      errors: [401, 403, 429],
      handle: async ({ body, by, client }) => {
        const { row, token } = await sessions.signIn(by, { ...body, userAgent: client.userAgent })
        client.keep(token, row.expiresAt)
        return sessionOf(row, row.id)
      },
    }),
    endpoint({
      method: 'GET',
      path: SESSIONS,
      guard: 'admin',
      id: 'listSessions',
      summary: 'Where the account is signed in; to a token, all sessions',
      result: sessionListSchema,
      handle: async ({ by }) => {
        const current = currentOf(by.principal)
        const rows = await sessions.list(by)
        return { items: rows.map((row) => sessionOf(row, current)), next_cursor: null }
      },
    }),
    endpoint({
      method: 'DELETE',
      path: SESSIONS,
      guard: 'admin',
      id: 'endSessions',
      summary: 'Sign out everywhere, here too; with a token, end all sessions',
      handle: async ({ by, client }) => {
        await sessions.endAll(by)
        client.drop()
      },
    }),
    endpoint({
      method: 'DELETE',
      path: `${SESSIONS}/{session_id}`,
      guard: 'admin',
      id: 'endSession',
      summary: 'End a session: "current" signs out',
      errors: [404],
      handle: async ({ by, params, client }) => {
        await sessions.end(by, params.session_id)
        if (isCurrent(by, params.session_id)) client.drop()
      },
    }),
    endpoint({
      method: 'PUT',
      path: '/api/v1/admin/password',
      guard: 'admin',
      id: 'changePassword',
      summary: 'Set a new password; every other session ends',
      body: changePasswordSchema,
      bodyBytesMax: BODY_BYTES_MAX,
      errors: [404],
      handle: ({ by, body }) =>
        passwords.change(by, { current: body.current_password, wanted: body.new_password }),
    }),
  ]
}

function isCurrent({ principal }: Author, id: string): boolean {
  return id === CURRENT || id.toLowerCase() === currentOf(principal)
}

function currentOf(principal: Principal): string | null {
  return principal.kind === 'admin' ? principal.sessionId : null
}

function sessionOf(row: SessionRow, current: string | null): Session {
  return {
    id: row.id,
    admin: { id: row.adminId, name: row.adminName },
    created_at: row.createdAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
    last_used_at: row.lastUsedAt.toISOString(),
    address: row.address,
    user_agent: row.userAgent,
    is_current: row.id === current,
  }
}
