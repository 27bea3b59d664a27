/**
 * The first admin of a new PiCloud: a one-time set-up token is exchanged for an access token.
 *
 * States: open (a set-up token's hash is stored and no admin exists) and closed. `prepare` makes a
 * new token while open, so only the link printed last works; `complete` closes for good, in one
 * transaction with the making of the access token.
 *
 * @module
 */
import type { Database } from '@picloud/storage'
import { hashSecret, makeAccessToken, makeSetupToken } from '../auth/access-token.ts'
import type { AttemptLimiter } from '../auth/attempt-limiter.ts'
import { AttemptsLimitedError, SetupRefusedError } from '../errors/access.ts'

const FIRST_TOKEN_NAME = 'first set-up'

export class Setup {
  readonly #database: Database
  readonly #limiter: AttemptLimiter

  constructor(database: Database, limiter: AttemptLimiter) {
    this.#database = database
    this.#limiter = limiter
  }

  /** A set-up token for the operator's eyes; null when there is an admin. */
  async prepare(): Promise<string | null> {
    const token = makeSetupToken()
    return (await this.#database.setup.ensure(hashSecret(token))) ? token : null
  }

  /**
   * The access token of the first admin.
   *
   * @throws {@link SetupRefusedError} {@link AttemptsLimitedError}
   */
  async complete(setupToken: string, address: string): Promise<string> {
    const retryAfterSeconds = this.#limiter.retryAfterSeconds(address)
    if (retryAfterSeconds > 0) throw new AttemptsLimitedError(retryAfterSeconds)
    const text = makeAccessToken()
    const first = { name: FIRST_TOKEN_NAME, hash: hashSecret(text) }
    const row = await this.#database.setup.consume(hashSecret(setupToken), first)
    if (row !== null) return text
    this.#limiter.recordFailure(address)
    throw new SetupRefusedError()
  }
}
