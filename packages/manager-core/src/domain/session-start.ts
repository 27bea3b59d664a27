/**
 * Begins a session inside a write: whoever proved to be an admin gets one.
 *
 * Its token is new each time, whatever the client brought along, so that nobody can make another
 * sign in to a session they know.
 *
 * @module
 */
import { newId, type SessionId } from '@picloud/shared'
import type { AdminRow, SessionRow } from '@picloud/storage'
import { hashSecret, makeSessionToken } from '../auth/access-token.ts'
import type { SessionLimits } from '../auth/session-limits.ts'
import type { Author } from './author.ts'
import type { ControlTransaction } from './control-writes.ts'
import { sessionSnapshot, sessionSubject } from './snapshots.ts'

/** Longer ones tell a person no more. */
const USER_AGENT_LENGTH_MAX = 200

export interface StartedSession {
  readonly row: SessionRow
  /** For the cookie; nothing can tell it again. */
  readonly token: string
}

export interface SessionStart {
  readonly id: SessionId
  readonly userAgent: string
}

/** The author of what follows, and the session that is about to begin. */
export function announceSession(
  by: Author,
  admin: Pick<AdminRow, 'id' | 'name'>,
  userAgent: string,
): { readonly author: Author; readonly start: SessionStart } {
  const id = newId<SessionId>()
  const principal = { kind: 'admin', id: admin.id, name: admin.name, sessionId: id } as const
  return { author: { ...by, principal }, start: { id, userAgent } }
}

/** Records it, and ends what is idle, over, or one too many. */
export async function startSession(
  tx: ControlTransaction,
  admin: Pick<AdminRow, 'id' | 'name'>,
  options: {
    readonly author: Author
    readonly start: SessionStart
    readonly limits: SessionLimits
  },
): Promise<StartedSession> {
  const { author, start, limits } = options
  const token = makeSessionToken()
  const now = Date.now()
  const session = {
    id: start.id,
    adminId: admin.id,
    expiresAt: new Date(now + limits.lifetimeMs),
    address: author.address,
    userAgent: printable(start.userAgent),
  }
  await tx.sessions.create({ ...session, hash: hashSecret(token) })
  await tx.sessions.removeEnded(admin.id, new Date(now - limits.idleMs), limits.perAdminMax)
  const createdAt = new Date(now)
  const row = { ...session, adminName: admin.name, createdAt, lastUsedAt: createdAt }
  tx.record({
    action: 'session.create',
    ...sessionSubject(row),
    before: null,
    after: sessionSnapshot(row),
  })
  return { row, token }
}

/** What a client calls itself, as it may be shown. */
function printable(userAgent: string): string {
  return userAgent.slice(0, USER_AGENT_LENGTH_MAX).replaceAll(/[^ -~]/g, '?')
}
