/**
 * How much memory a sandbox may take before its supervisor steps in.
 *
 * V8 ends a process whose heap passes its ceiling, and Linux refuses it memory outside the heap
 * (`linux-confinement.ts`). Two more lines are drawn here:
 *
 * - recycling: what a process keeps of its own passes a share of the heap's ceiling. It is replaced
 *   while it still works, before its heap runs out under somebody's script.
 * - the last line: all that is in memory of it passes what both ceilings together can explain. It
 *   is killed, whatever it is doing.
 *
 * @module
 */

export interface MemoryCeiling {
  readonly residentBytesMax: number
  /** A process that keeps more than this of its own is replaced. */
  readonly ownBytesToRecycle: number
}

const MIB = 1024 * 1024
/** Of the heap's ceiling. A process that serves short scripts for hours stays below a third. */
const RECYCLE_SHARE = 3 / 4
/** Bytes outside the heap may be as many as inside. */
const RESIDENT_PER_HEAP = 2
/** Node's own code and data, and what V8 reserves writable without using it. */
const RESIDENT_BASE_BYTES = 160 * MIB

export function memoryCeiling(sandboxMemoryBytesMax: number): MemoryCeiling {
  return {
    residentBytesMax: RESIDENT_PER_HEAP * sandboxMemoryBytesMax + RESIDENT_BASE_BYTES,
    ownBytesToRecycle: RECYCLE_SHARE * sandboxMemoryBytesMax,
  }
}
