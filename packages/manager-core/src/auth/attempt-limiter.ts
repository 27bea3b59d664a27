/**
 * Counts failed attempts per client address or account, so that guessing does not pay.
 *
 * Each has a window that opens with its first failure; past the allowed number it stays
 * shut until the window ends. The table has a fixed size and forgets the oldest window first, and
 * there is no timer: a window that ended is simply not counted.
 *
 * @module
 */
import { isIPv6 } from 'node:net'

interface AttemptLimits {
  readonly failuresMax: number
  readonly windowMs: number
  readonly keysMax: number
}

/** A person mistypes a few times; a program that fails ten times in a minute is misconfigured. */
const ATTEMPT_LIMITS: AttemptLimits = {
  failuresMax: 10,
  windowMs: 60_000,
  keysMax: 10_000,
}

interface Window {
  failures: number
  readonly endsAt: number
}

export class AttemptLimiter {
  readonly #limits: AttemptLimits
  readonly #now: () => number
  /** In the order the windows were opened. */
  readonly #windows = new Map<string, Window>()

  constructor(limits: AttemptLimits = ATTEMPT_LIMITS, now: () => number = Date.now) {
    this.#limits = limits
    this.#now = now
  }

  /** Whole seconds until the address may try again; 0 when it may now. */
  retryAfterSeconds(address: string): number {
    const window = this.#windows.get(keyOf(address))
    if (window === undefined || window.failures < this.#limits.failuresMax) return 0
    return Math.max(0, Math.ceil((window.endsAt - this.#now()) / 1000))
  }

  recordFailure(address: string): void {
    const key = keyOf(address)
    const now = this.#now()
    const window = this.#windows.get(key)
    if (window !== undefined && window.endsAt > now) {
      window.failures += 1
      return
    }
    this.#windows.delete(key)
    if (this.#windows.size >= this.#limits.keysMax) {
      const oldest = this.#windows.keys().next()
      if (!oldest.done) this.#windows.delete(oldest.value)
    }
    this.#windows.set(key, { failures: 1, endsAt: now + this.#limits.windowMs })
  }

  /** Somebody there proved to be who they say. */
  forget(address: string): void {
    this.#windows.delete(keyOf(address))
  }

  get size(): number {
    return this.#windows.size
  }
}

/** One IPv6 client has a /64 to choose addresses from (RFC 6177), so its first half is counted. */
function keyOf(address: string): string {
  if (!isIPv6(address)) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail = ''] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  const gap = address.includes('::') ? Math.max(0, 8 - left.length - right.length) : 0
  const groups = [...left, ...Array<string>(gap).fill('0'), ...right]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
