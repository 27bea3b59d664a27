/**
 * The one guard in front of everything an admin may do.
 *
 * `requireAdmin` turns a request into a {@link Principal} that may do what the request needs, or
 * throws. Handlers ask nobody else, so a new way to prove oneself, or a narrower role, is a change
 * of this file. A token reaches neither a log nor the database: only its hash does.
 *
 * Two proofs are known: a bearer token, which programs send, and a session's cookie, which browsers
 * send of their own accord and which therefore is believed only as far as `request-origin.ts` says.
 * A request that brings both is the token's.
 *
 * Stored tokens are 256 random bits, so looking one up is never refused for the failures of others
 * behind the same address; an operator's token may be any text, so guessing at it is.
 *
 * @module
 */
import { type Logger, type SessionId, sessionCookiesOf, type TokenId } from '@picloud/shared'
import type { Database } from '@picloud/storage'
import { AttemptsLimitedError, ScopeMissingError, UnauthenticatedError } from '../errors/access.ts'
import {
  bearerTokenOf,
  hashesEqual,
  hashSecret,
  isAccessToken,
  isSessionToken,
} from './access-token.ts'
import type { AttemptLimiter } from './attempt-limiter.ts'
import { LastUse } from './last-use.ts'
import { mayDo, type Need, type Principal } from './principal.ts'
import { type BrowserRequest, requireSessionChange, requireSessionRead } from './request-origin.ts'
import type { SessionLimits } from './session-limits.ts'

/** `last_used_at` is kept to the minute: a busy client costs one write per minute. */
const TOUCH_INTERVAL_MS = 60_000
/** A session that is soon idle is noted more often, so that its use keeps it. */
const TOUCHES_PER_IDLE_TIME = 10
/** More cookies of our name than this only come from somebody who planted them. */
const SESSION_COOKIES_MAX = 4

export interface AccessRequest extends BrowserRequest {
  /** Of the client. */
  readonly address: string
  /** Whether its method may change something. */
  readonly isChange: boolean
}

export interface AdminGuardOptions {
  readonly database: Database
  readonly limiter: AttemptLimiter
  readonly logger: Logger
  readonly sessionLimits: SessionLimits
  /** Tokens of the program's configuration, valid besides the stored ones. */
  readonly presetTokens: readonly string[]
}

export class AdminGuard {
  readonly #database: Database
  readonly #limiter: AttemptLimiter
  readonly #idleMs: number
  readonly #presetHashes: readonly Buffer[]
  readonly #tokenUse: LastUse<TokenId>
  readonly #sessionUse: LastUse<SessionId>

  constructor(options: AdminGuardOptions) {
    const { database, logger } = options
    this.#database = database
    this.#limiter = options.limiter
    this.#idleMs = options.sessionLimits.idleMs
    this.#presetHashes = options.presetTokens.map(hashSecret)
    this.#tokenUse = new LastUse({
      intervalMs: TOUCH_INTERVAL_MS,
      write: (id, at) => database.tokens.touch(id, at),
      logger,
    })
    this.#sessionUse = new LastUse({
      intervalMs: Math.min(TOUCH_INTERVAL_MS, this.#idleMs / TOUCHES_PER_IDLE_TIME),
      write: (id, at) => database.sessions.touch(id, at),
      logger,
    })
  }

  /**
   * Who sent this, provided that they may do what it needs.
   *
   * @throws {@link UnauthenticatedError} {@link AttemptsLimitedError} {@link ScopeMissingError}
   * {@link CrossOriginError}
   */
  async requireAdmin(request: AccessRequest, need: Need): Promise<Principal> {
    const principal = await this.#principalOf(request)
    if (!mayDo(principal, need)) throw new ScopeMissingError(need)
    return principal
  }

  async #principalOf(request: AccessRequest): Promise<Principal> {
    const { authorization, cookie = '' } = request.headers
    if (authorization !== undefined) return this.#bearer(authorization, request.address)
    const sessions = sessionCookiesOf(cookie).filter(isSessionToken).slice(0, SESSION_COOKIES_MAX)
    if (sessions.length === 0) throw new UnauthenticatedError('missing')
    if (request.isChange) requireSessionChange(request)
    else requireSessionRead(request)
    for (const token of sessions) {
      const principal = await this.#session(hashSecret(token))
      if (principal !== null) return principal
    }
    throw new UnauthenticatedError('ended')
  }

  async #bearer(authorization: string, address: string): Promise<Principal> {
    const token = bearerTokenOf(authorization)
    if (token === null) throw new UnauthenticatedError('malformed')
    const retryAfterSeconds = this.#limiter.retryAfterSeconds(address)
    const hash = hashSecret(token)
    if (retryAfterSeconds === 0 && this.#isPreset(hash)) return { kind: 'operator' }
    const principal = isAccessToken(token) ? await this.#storedToken(hash) : null
    if (principal !== null) return principal
    if (retryAfterSeconds > 0) throw new AttemptsLimitedError(retryAfterSeconds, 'address')
    this.#limiter.recordFailure(address)
    throw new UnauthenticatedError('unknown')
  }

  #isPreset(hash: Buffer): boolean {
    return this.#presetHashes.some((preset) => hashesEqual(preset, hash))
  }

  async #storedToken(hash: Buffer): Promise<Principal | null> {
    const stored = await this.#database.tokens.findByHash(hash)
    if (stored === null) return null
    await this.#tokenUse.note(stored.id)
    return { kind: 'token', id: stored.id, name: stored.name, scopes: stored.scopes }
  }

  async #session(hash: Buffer): Promise<Principal | null> {
    const usedSince = new Date(Date.now() - this.#idleMs)
    const session = await this.#database.sessions.findByHash(hash, usedSince)
    if (session === null) return null
    await this.#sessionUse.note(session.id)
    const { id, adminId, adminName } = session
    return { kind: 'admin', id: adminId, name: adminName, sessionId: id }
  }
}
