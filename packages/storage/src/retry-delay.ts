/**
 * How long to pause before trying again: doubling, with a ceiling, and with jitter so that nodes
 * that lost one database together do not come back together.
 *
 * @module
 */

const FIRST_MS = 100
const CEILING_MS = 30_000

/** @param attempt counts from 0 and starts over after a success. */
export function retryDelayMs(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(CEILING_MS, FIRST_MS * 2 ** Math.min(attempt, 20))
  return full / 2 + (random() * full) / 2
}
