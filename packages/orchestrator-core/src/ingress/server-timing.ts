/**
 * The field by which a client learns how long its answer took (W3C Server Timing).
 *
 * @module
 */
import type { ExecutionOutcome } from '@picloud/shared'
import type { Exchange } from './exchange.ts'

/**
 * How long all of it took until now, and how long the script ran, in ms. A script whose answer
 * streams has not ended: null.
 */
export function serverTimingOf({ arrivedAt }: Exchange, outcome: ExecutionOutcome | null): string {
  const total = `total;dur=${Date.now() - arrivedAt}`
  return outcome === null ? total : `${total}, script;dur=${outcome.durationMs.toFixed(2)}`
}
