/**
 * What work in bulk costs, in operations.
 *
 * Work on single values is charged one operation each. Moving and scanning memory is cheaper and
 * is charged by the block, so that the meter stays honest without dwarfing the script's own work:
 * a block is about as much work as an operation of the script at its dearest. Less than a block is
 * part of the call that does it. Everything is charged before it is done.
 *
 * @module
 */
import type { CallContext } from './call-context.ts'
import { charCount, hasWideChars } from './unicode-text.ts'

const ITEMS_PER_OPERATION = 8
const UNITS_PER_OPERATION = 32
const UNITS_SEEN_PER_OPERATION = 128
/** A char is found by walking to it, and most functions do that a few times. */
const WALKS = 2
const UNITS_REWRITTEN_PER_OPERATION = 4
const BYTES_PER_OPERATION = 64
const COMPARISONS_PER_OPERATION = 4

/** Putting an entry into a table. */
export const TABLE_ENTRY = 2

/** Catching an error includes having made it. */
const CAUGHT = 32

/** Items moved without being looked at. */
export function chargeCopy(context: CallContext, items: number): void {
  if (items >= ITEMS_PER_OPERATION) context.charge(Math.floor(items / ITEMS_PER_OPERATION))
}

/** Text looked through or made, in UTF-16 units. */
export function chargeText(context: CallContext, units: number): void {
  if (units >= UNITS_PER_OPERATION) context.charge(Math.floor(units / UNITS_PER_OPERATION))
}

/**
 * Text looked at as one piece of memory: compared, or asked for its length or for one char. That
 * is not free either: JavaScript joins the parts of a text when it is first looked at.
 */
export function chargeLook(context: CallContext, units: number): void {
  if (units >= UNITS_SEEN_PER_OPERATION) {
    context.charge(Math.floor(units / UNITS_SEEN_PER_OPERATION))
  }
}

/** Finding chars by their positions: a look, unless some of them take two units. */
export function chargePositions(context: CallContext, text: string): void {
  chargeLook(context, text.length)
  if (hasWideChars(text)) chargeText(context, text.length * WALKS)
}

/** The number of chars of a text, which costs as much as finding them. */
export function countChars(context: CallContext, text: string): number {
  chargeLook(context, text.length)
  if (!hasWideChars(text)) return text.length
  chargeText(context, text.length * WALKS)
  return charCount(text)
}

/** Text that is decided on char by char. */
export function chargeRewrite(context: CallContext, units: number): void {
  context.charge(Math.ceil(units / UNITS_REWRITTEN_PER_OPERATION))
}

/** Bytes scanned or moved. */
export function chargeBytes(context: CallContext, bytes: number): void {
  if (bytes >= BYTES_PER_OPERATION) context.charge(Math.floor(bytes / BYTES_PER_OPERATION))
}

/** A sort of so many items, their comparisons not counted where those call the script. */
export function chargeSort(context: CallContext, items: number): void {
  context.charge(Math.ceil((items * Math.log2(items + 1)) / COMPARISONS_PER_OPERATION))
}

/** An error of the script, caught so that the script goes on. */
export function chargeCaught(context: CallContext, message: string): void {
  context.charge(CAUGHT)
  chargeText(context, message.length)
}
