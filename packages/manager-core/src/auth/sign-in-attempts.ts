/**
 * Bounds guessing at passwords, by address and by account.
 *
 * An attempt is counted before the password is checked, so that many at once are counted too, and
 * a right password forgets what was counted. The rule for an account: after twenty failures within
 * ten minutes, wherever they came from, it is closed to addresses that never signed in to it until
 * those ten minutes end. An address that did sign in (since the program started) has only its own
 * limit, so strangers who keep guessing do not keep the owner out; nor are tokens and the command
 * line on the machine concerned. No account is ever locked until somebody unlocks it.
 *
 * @module
 */
import { AttemptsLimitedError } from '../errors/access.ts'
import { AttemptLimiter } from './attempt-limiter.ts'

/** Under 3,000 guesses a day, against passwords of at least ten characters. */
const ACCOUNT_LIMITS = { failuresMax: 20, windowMs: 10 * 60_000, keysMax: 10_000 }
const KNOWN_ADDRESSES_MAX = 1_000

export class SignInAttempts {
  readonly #addresses: AttemptLimiter
  readonly #accounts = new AttemptLimiter(ACCOUNT_LIMITS)
  /** Account and address, in the order of the latest sign-in. */
  readonly #known = new Set<string>()

  /** @param addresses shared with whatever else is guessed at from an address */
  constructor(addresses: AttemptLimiter) {
    this.#addresses = addresses
  }

  /** Counts an attempt. @throws {@link AttemptsLimitedError} */
  begin(account: string, address: string): void {
    const seconds = this.#addresses.retryAfterSeconds(address)
    if (seconds > 0) throw new AttemptsLimitedError(seconds, 'address')
    if (!this.#known.has(pairOf(account, address))) {
      const accountSeconds = this.#accounts.retryAfterSeconds(account)
      if (accountSeconds > 0) throw new AttemptsLimitedError(accountSeconds, 'account')
      this.#accounts.recordFailure(account)
    }
    this.#addresses.recordFailure(address)
  }

  succeeded(account: string, address: string): void {
    this.#addresses.forget(address)
    this.#accounts.forget(account)
    const pair = pairOf(account, address)
    this.#known.delete(pair)
    if (this.#known.size >= KNOWN_ADDRESSES_MAX) {
      const oldest = this.#known.keys().next()
      if (!oldest.done) this.#known.delete(oldest.value)
    }
    this.#known.add(pair)
  }
}

function pairOf(account: string, address: string): string {
  return JSON.stringify([account, address])
}
