/**
 * Signing in and out.
 *
 * Knows nothing of cookies.
 *
 * @module
 */
import type { Logger } from '@picloud/shared'
import type { AdminRow, Database, SessionRow } from '@picloud/storage'
import { AttemptLimiter } from '../auth/attempt-limiter.ts'
import type { PasswordHasher } from '../auth/password-hasher.ts'
import type { SessionLimits } from '../auth/session-limits.ts'
import type { SignInAttempts } from '../auth/sign-in-attempts.ts'
import { SessionNotFoundError, SignInRefusedError } from '../errors/access.ts'
import type { Author } from './author.ts'
import type { ControlTransaction, ControlWrites } from './control-writes.ts'
import { announceSession, type StartedSession, startSession } from './session-start.ts'
import { sessionSnapshot, sessionSubject } from './snapshots.ts'

/** Refusals that are recorded; more of them are a flood, which the program's log tells of. */
const RECORDED_REFUSALS = { failuresMax: 60, windowMs: 60_000, keysMax: 1 }
const ALL = 'all'
export const CURRENT = 'current'

export interface SessionsOptions {
  readonly database: Database
  readonly writes: ControlWrites
  readonly hasher: PasswordHasher
  readonly attempts: SignInAttempts
  readonly limits: SessionLimits
  readonly logger: Logger
}

export interface Credentials {
  readonly name: string
  readonly password: string
  readonly userAgent: string
}

export class Sessions {
  readonly #options: SessionsOptions
  readonly #recordedRefusals = new AttemptLimiter(RECORDED_REFUSALS)

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  /** @throws {@link SignInRefusedError} {@link AttemptsLimitedError} {@link PasswordsBusyError} */
  async signIn(by: Author, { name, password, userAgent }: Credentials): Promise<StartedSession> {
    const { database, writes, hasher, attempts, limits } = this.#options
    attempts.begin(name, by.address)
    const admin = await database.admins.findByName(name)
    const isRight = await hasher.matches(password, admin?.passwordHash ?? null)
    if (!isRight || admin === null) return this.#refuse(by, admin)
    attempts.succeeded(name, by.address)
    const newHash = hasher.isCurrent(admin.passwordHash) ? null : await hasher.hash(password)
    const { author, start } = announceSession(by, admin, userAgent)
    return writes.run(author, async (tx) => {
      // What was checked may have been changed since.
      const now = await tx.admins.find(admin.id)
      if (now?.passwordHash !== admin.passwordHash) throw new SignInRefusedError()
      if (newHash !== null) await tx.admins.setPasswordHash(admin.id, newHash)
      return startSession(tx, admin, { author, start, limits })
    })
  }

  /** An admin's own; to a token, which may do everything, those of all. */
  async list(by: Author): Promise<readonly SessionRow[]> {
    return this.#options.database.sessions.list(ownerOf(by), this.#usedSince())
  }

  /** @param id of the session, or {@link CURRENT} @throws {@link SessionNotFoundError} */
  end(by: Author, id: string): Promise<void> {
    const { principal } = by
    const wanted = id === CURRENT && principal.kind === 'admin' ? principal.sessionId : id
    return this.#options.writes.run(by, async (tx) => {
      const living = await tx.sessions.list(ownerOf(by), this.#usedSince())
      const session = living.find((one) => one.id === wanted.toLowerCase())
      if (session === undefined) throw new SessionNotFoundError(id)
      await endSessions(tx, [session])
    })
  }

  /** An admin's own with the current one; for a token, those of all. */
  endAll(by: Author): Promise<void> {
    return this.#options.writes.run(by, async (tx) => {
      await endSessions(tx, await tx.sessions.list(ownerOf(by), this.#usedSince()))
    })
  }

  async #refuse(by: Author, admin: AdminRow | null): Promise<never> {
    const { writes, logger } = this.#options
    logger.warn({ address: by.address }, 'a sign-in was refused')
    if (this.#recordedRefusals.retryAfterSeconds(ALL) === 0) {
      this.#recordedRefusals.recordFailure(ALL)
      // The name that was typed is not kept: people type passwords there.
      const target = { type: 'admin', id: admin?.id ?? null, name: admin?.name ?? 'unknown' }
      await writes.run(by, async (tx) => {
        tx.record({ action: 'session.refuse', target, appId: null, before: null, after: null })
      })
    }
    throw new SignInRefusedError()
  }

  #usedSince(): Date {
    return new Date(Date.now() - this.#options.limits.idleMs)
  }
}

/** Deletes sessions and records the end of each. */
export async function endSessions(
  tx: ControlTransaction,
  sessions: readonly SessionRow[],
): Promise<void> {
  await tx.sessions.delete(sessions.map(({ id }) => id))
  tx.record(
    ...sessions.map((session) => ({
      action: 'session.delete' as const,
      ...sessionSubject(session),
      before: sessionSnapshot(session),
      after: null,
    })),
  )
}

function ownerOf({ principal }: Author) {
  return principal.kind === 'admin' ? principal.id : null
}
