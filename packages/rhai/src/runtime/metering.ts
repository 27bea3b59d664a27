/**
 * What work in bulk costs, in operations.
 *
 * Work on single values is charged one operation each. Moving and scanning memory is cheaper and
 * is charged by the block, so that the meter stays honest without dwarfing the script's own work.
 *
 * @module
 */
import type { CallContext } from './call-context.ts'

const ITEMS_PER_OPERATION = 16
const UNITS_PER_OPERATION = 32
const BYTES_PER_OPERATION = 64

/** Items moved without being looked at. */
export function chargeCopy(context: CallContext, items: number): void {
  context.charge(Math.ceil(items / ITEMS_PER_OPERATION))
}

/** Text scanned or made, in UTF-16 units. */
export function chargeText(context: CallContext, units: number): void {
  context.charge(Math.ceil(units / UNITS_PER_OPERATION))
}

/** Bytes scanned or moved. */
export function chargeBytes(context: CallContext, bytes: number): void {
  context.charge(Math.ceil(bytes / BYTES_PER_OPERATION))
}
