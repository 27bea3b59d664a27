/**
 * How long a session lives, and how many there may be.
 *
 * @module
 */
export interface SessionLimits {
  /** From sign-in on, whatever happens. */
  readonly lifetimeMs: number
  /** Without a request. */
  readonly idleMs: number
  /** A further sign-in ends the oldest. */
  readonly perAdminMax: number
}

const HOUR_MS = 60 * 60 * 1000

/** A working day without signing in twice, a week at most; twenty is every device one has. */
export const SESSION_LIMITS: SessionLimits = {
  lifetimeMs: 7 * 24 * HOUR_MS,
  idleMs: 12 * HOUR_MS,
  perAdminMax: 20,
}
