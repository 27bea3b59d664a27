/**
 * Lets callers run scripts by id, or read a node's figures, who show an access token for that: for
 * nodes without a manager.
 *
 * A token is looked up by its hash, the same the manager keeps (SHA-256 of the text). What was
 * looked up is remembered for a short while, so that a busy caller costs few look-ups; a token that
 * is deleted works here for that long at most. Sessions are the manager's: their cookie belongs to
 * the host of the dashboard, which is another one.
 *
 * @module
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { TokenScope } from '@picloud/shared'
import type { Database } from '@picloud/storage'
import { ScopeMissingError, UnauthenticatedError } from './errors.ts'

const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i
const STORED_TOKEN = /^pic_[A-Za-z0-9_-]{43}$/
const REMEMBERED_MS = 5_000
const REMEMBERED_MAX = 1_000

export interface TokenGuardOptions {
  readonly database: Pick<Database, 'tokens'>
  /** The operator's own token, of any text. */
  readonly presetToken: string | null
}

interface KnownToken {
  /** Epoch milliseconds. */
  readonly askAgainAt: number
  readonly scopes: readonly TokenScope[]
}

export class TokenGuard {
  readonly #options: TokenGuardOptions
  readonly #presetHash: Buffer | null
  /** By hash in hex. Only of tokens that exist. */
  readonly #remembered = new Map<string, KnownToken>()

  constructor(options: TokenGuardOptions) {
    this.#options = options
    this.#presetHash = options.presetToken === null ? null : hashOf(options.presetToken)
  }

  /** @throws {@link UnauthenticatedError} {@link ScopeMissingError}, or the storage error when the database is away */
  async authorize(request: IncomingMessage, need: TokenScope): Promise<void> {
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) throw new UnauthenticatedError()
    const hash = hashOf(token)
    if (this.#presetHash !== null && timingSafeEqual(hash, this.#presetHash)) return
    const known = STORED_TOKEN.test(token) ? await this.#find(hash) : null
    if (known === null) throw new UnauthenticatedError()
    const { scopes } = known
    if (!scopes.includes(need) && !scopes.includes('admin')) throw new ScopeMissingError(need)
  }

  async #find(hash: Buffer): Promise<KnownToken | null> {
    const key = hash.toString('hex')
    const now = Date.now()
    const remembered = this.#remembered.get(key)
    if (remembered !== undefined && remembered.askAgainAt > now) return remembered
    const row = await this.#options.database.tokens.findByHash(hash)
    if (row === null) {
      this.#remembered.delete(key)
      return null
    }
    if (this.#remembered.size >= REMEMBERED_MAX) this.#remembered.clear()
    const expiresAt = row.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
    const known = {
      askAgainAt: Math.min(now + REMEMBERED_MS, expiresAt),
      scopes: row.scopes,
    }
    this.#remembered.set(key, known)
    return known
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}
