/**
 * What the work of a module costs a script. It is charged before it is done, so that no call
 * escapes the meter.
 *
 * @module
 */
import type { CallContext } from '@picloud/rhai'

/** How much text or how many bytes are written or read for one operation. */
const UNITS_PER_OPERATION = 32

/**
 * Charges for walking over so many bytes or UTF-16 units, `passes` times.
 *
 * @throws RhaiError beyond the operations the run may use
 */
export function chargeUnits(context: CallContext, units: number, passes = 1): void {
  context.charge(Math.ceil((units * passes) / UNITS_PER_OPERATION))
}
