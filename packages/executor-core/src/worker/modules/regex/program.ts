/**
 * A pattern made ready for searches, with what each of them costs.
 *
 * The engine has two ways to search. Where pattern and text are small together it tries one way
 * through the pattern after the other and remembers what it has tried: a read costs the same whatever
 * the pattern is. Elsewhere it goes all ways at once: what a char costs grows with the instructions,
 * and with the groups each way carries along. Neither ever takes longer than the product of text and
 * pattern.
 *
 * @module
 */
import type { CallContext } from '@picloud/rhai'
import type { RE2JS } from 're2js'
import { MeteredInput } from './metered-input.ts'

/** Offsets in UTF-16 units: where the match begins and ends, then each group; -1 is no match. */
export type Offsets = readonly number[]

const UNANCHORED = 0
/** Up to here the engine goes one way after the other, see `Backtracker` there. */
const SINGLE_WAY_INSTRUCTIONS_MAX = 500
const SINGLE_WAY_PLACES_MAX = 262_144
const OPERATIONS_PER_READ = 4
/** Marks of what was tried are wiped before each search, so many for an operation. */
const MARKS_PER_OPERATION = 16_384
const OPERATIONS_PER_SEARCH = 40
/** Carrying so many offsets along costs as much as going one way. */
const OFFSETS_PER_STEP = 16
/** Each char is read twice: by itself, and as the neighbour of a place. */
const READS_PER_CHAR = 2

export class PatternProgram {
  readonly #compiled: RE2JS
  readonly instructions: number
  readonly groupCount: number
  /** Names of groups, with their numbers. */
  readonly names: readonly (readonly [string, number])[]

  constructor(compiled: RE2JS) {
    this.#compiled = compiled
    this.instructions = compiled.programSize()
    this.groupCount = compiled.groupCount()
    this.names = Object.entries(compiled.namedGroups())
  }

  /**
   * All matches from the left, none overlapping another; one without any char stands behind no other
   * match. With `groups` the offsets of each group are found, too.
   */
  *matches(context: CallContext, text: string, options = { groups: false }): Generator<Offsets> {
    const groups = options.groups ? this.groupCount : 0
    const offsets = 2 * (groups + 1)
    const input = new MeteredInput(context, text, this.#operationsPerRead(text, offsets))
    const engine = this.#compiled.re2()
    try {
      let behind = -1
      for (let from = 0; from <= text.length; ) {
        this.#chargeSearch(context, text)
        const found: unknown = engine.executeEngine(input, from, UNANCHORED, offsets)
        if (!isOffsets(found)) return
        const [start = 0, end = 0] = found
        if (end > from) from = end
        else from += widthAt(text, from)
        if (start !== end || start !== behind) yield found
        behind = end
      }
    } finally {
      // What the engine keeps for its next search grows with pattern and groups.
      this.#compiled.reset()
    }
  }

  #goesSingleWays(text: string): boolean {
    return (
      this.instructions <= SINGLE_WAY_INSTRUCTIONS_MAX &&
      text.length <= Math.floor(SINGLE_WAY_PLACES_MAX / this.instructions)
    )
  }

  #operationsPerRead(text: string, offsets: number): number {
    if (this.#goesSingleWays(text)) return OPERATIONS_PER_READ
    const steps = this.instructions * (1 + offsets / OFFSETS_PER_STEP)
    return Math.ceil(steps / READS_PER_CHAR)
  }

  #chargeSearch(context: CallContext, text: string): void {
    const marks = this.#goesSingleWays(text) ? this.instructions * text.length : 0
    const wiped = Math.floor(marks / MARKS_PER_OPERATION)
    context.charge(OPERATIONS_PER_SEARCH + this.groupCount + wiped)
  }
}

function isOffsets(found: unknown): found is Offsets {
  return Array.isArray(found) && found.length > 1
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}
