/**
 * The one guard in front of everything an admin may do.
 *
 * `requireAdmin` turns the headers of a request into a {@link Principal} or throws. Handlers ask
 * nobody else, so a new way to prove oneself, or a narrower role, is a change of this file.
 * A token reaches neither a log nor the database: only its hash does.
 *
 * Stored tokens are 256 random bits, so looking one up is never refused for the failures of others
 * behind the same address; an operator's token may be any text, so guessing at it is.
 *
 * @module
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { Logger, TokenId } from '@picloud/shared'
import type { Database } from '@picloud/storage'
import { AttemptsLimitedError, UnauthenticatedError } from '../errors/access.ts'
import { bearerTokenOf, hashesEqual, hashSecret, isAccessToken } from './access-token.ts'
import type { AttemptLimiter } from './attempt-limiter.ts'
import type { Principal } from './principal.ts'

/** `last_used_at` is kept to the minute: a busy client costs one write per minute. */
const TOUCH_INTERVAL_MS = 60_000
const TOUCHES_REMEMBERED_MAX = 10_000

export interface AdminGuardOptions {
  readonly database: Database
  readonly limiter: AttemptLimiter
  readonly logger: Logger
  /** Tokens of the program's configuration, valid besides the stored ones. */
  readonly presetTokens: readonly string[]
}

export class AdminGuard {
  readonly #database: Database
  readonly #limiter: AttemptLimiter
  readonly #logger: Logger
  readonly #presetHashes: readonly Buffer[]
  readonly #touchedAt = new Map<TokenId, number>()

  constructor(options: AdminGuardOptions) {
    this.#database = options.database
    this.#limiter = options.limiter
    this.#logger = options.logger
    this.#presetHashes = options.presetTokens.map(hashSecret)
  }

  /**
   * Who sent these headers.
   *
   * @throws {@link UnauthenticatedError} {@link AttemptsLimitedError}
   */
  async requireAdmin(headers: IncomingHttpHeaders, address: string): Promise<Principal> {
    const { authorization } = headers
    if (authorization === undefined) throw new UnauthenticatedError('missing')
    const token = bearerTokenOf(authorization)
    if (token === null) throw new UnauthenticatedError('malformed')
    const retryAfterSeconds = this.#limiter.retryAfterSeconds(address)
    const hash = hashSecret(token)
    if (retryAfterSeconds === 0 && this.#isPreset(hash)) return { kind: 'operator' }
    const principal = isAccessToken(token) ? await this.#storedToken(hash) : null
    if (principal !== null) return principal
    if (retryAfterSeconds > 0) throw new AttemptsLimitedError(retryAfterSeconds)
    this.#limiter.recordFailure(address)
    throw new UnauthenticatedError('unknown')
  }

  #isPreset(hash: Buffer): boolean {
    return this.#presetHashes.some((preset) => hashesEqual(preset, hash))
  }

  async #storedToken(hash: Buffer): Promise<Principal | null> {
    const stored = await this.#database.tokens.findByHash(hash)
    if (stored === null) return null
    await this.#touch(stored.id)
    return { kind: 'token', id: stored.id, name: stored.name }
  }

  async #touch(id: TokenId): Promise<void> {
    const now = Date.now()
    if (now - (this.#touchedAt.get(id) ?? 0) < TOUCH_INTERVAL_MS) return
    if (this.#touchedAt.size >= TOUCHES_REMEMBERED_MAX) this.#touchedAt.clear()
    this.#touchedAt.set(id, now)
    try {
      await this.#database.tokens.touch(id, new Date(now))
    } catch (error) {
      // The caller proved who it is; a note about it that cannot be written is no reason to refuse.
      this.#logger.warn({ err: error, tokenId: id }, 'could not note the use of a token')
    }
  }
}
