/**
 * The first set-up: the one-time set-up token is exchanged for the first account.
 *
 * States: open (a set-up token's hash is stored and no admin exists) and closed. `prepare` makes a
 * new token while open, so only the link printed last works; `complete` closes for good, in one
 * transaction with the making of the account, its first session and, if asked, an access token.
 *
 * @module
 */
import { type AdminId, FIRST_ADMIN_NAME, newId } from '@picloud/shared'
import type { Database } from '@picloud/storage'
import { hashSecret, makeSetupToken } from '../auth/access-token.ts'
import type { AttemptLimiter } from '../auth/attempt-limiter.ts'
import type { PasswordHasher } from '../auth/password-hasher.ts'
import type { SessionLimits } from '../auth/session-limits.ts'
import { AttemptsLimitedError, SetupRefusedError } from '../errors/access.ts'
import type { Author } from './author.ts'
import type { ControlWrites } from './control-writes.ts'
import { createFirstAdmin } from './passwords.ts'
import { announceSession, type StartedSession, startSession } from './session-start.ts'
import { createToken } from './tokens.ts'

const FIRST_TOKEN_NAME = 'first set-up'

export interface SetupOptions {
  readonly database: Database
  readonly writes: ControlWrites
  readonly hasher: PasswordHasher
  /** By address. */
  readonly limiter: AttemptLimiter
  readonly sessionLimits: SessionLimits
}

export interface SetupRequest {
  readonly setupToken: string
  readonly password: string
  readonly withToken: boolean
  readonly userAgent: string
}

export interface CompletedSetup extends StartedSession {
  /** Null: none was asked for. */
  readonly accessToken: string | null
}

export class Setup {
  readonly #options: SetupOptions

  constructor(options: SetupOptions) {
    this.#options = options
  }

  /** A set-up token for the operator's eyes; null when there is an admin. */
  async prepare(): Promise<string | null> {
    const token = makeSetupToken()
    return (await this.#options.database.setup.ensure(hashSecret(token))) ? token : null
  }

  /** @throws {@link SetupRefusedError} {@link AttemptsLimitedError} {@link PasswordsBusyError} */
  async complete(by: Author, request: SetupRequest): Promise<CompletedSetup> {
    const { database, writes, hasher, limiter, sessionLimits: limits } = this.#options
    const retryAfterSeconds = limiter.retryAfterSeconds(by.address)
    if (retryAfterSeconds > 0) throw new AttemptsLimitedError(retryAfterSeconds, 'address')
    const setupHash = hashSecret(request.setupToken)
    // Who has no right to it costs no password hash.
    if (!(await database.setup.isOpenedBy(setupHash))) {
      limiter.recordFailure(by.address)
      throw new SetupRefusedError()
    }
    const passwordHash = await hasher.hash(request.password)
    const admin = { id: newId<AdminId>(), name: FIRST_ADMIN_NAME }
    const { author, start } = announceSession(by, admin, request.userAgent)
    return writes.run(author, async (tx) => {
      if (!(await tx.setup.consume(setupHash))) throw new SetupRefusedError()
      await createFirstAdmin(tx, admin.id, passwordHash)
      const session = await startSession(tx, admin, { author, start, limits })
      if (!request.withToken) return { ...session, accessToken: null }
      const first = { name: FIRST_TOKEN_NAME, scopes: ['admin'], expiresAt: null } as const
      const { text } = await createToken(tx, first)
      return { ...session, accessToken: text }
    })
  }
}
