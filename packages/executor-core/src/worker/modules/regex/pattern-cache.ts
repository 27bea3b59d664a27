/**
 * Compiled patterns, for each run and for all of them.
 *
 * A run pays for a pattern when it uses it first, and keeps it; what that costs must not depend on
 * who used the sandbox before, or the same request would count other operations each time. So the
 * second cache, which all runs share, saves time and no operations. Both are held to a weight: about
 * the bytes their programs take.
 *
 * @module
 */
import type { CallContext } from '@picloud/rhai'
import { refusal } from '../../refusal.ts'
import { costOf, type PatternCost } from './pattern-cost.ts'
import type { PatternProgram } from './program.ts'

const KIB = 1024
const MIB = 1024 * KIB

/** Longer ones are data. */
const PATTERN_UNITS_MAX = 4096
/** About as many as chars, each repetition counted. */
const INSTRUCTIONS_MAX = 5000
const GROUPS_MAX = 100

const RUN_WEIGHT_MAX = 4 * MIB
const SHARED_WEIGHT_MAX = 16 * MIB

const BYTES_PER_INSTRUCTION = 256
const BYTES_PER_UNICODE_CLASS = 12 * KIB
/** An anchored pattern of fewer instructions may have a table of instructions by ranges. */
const TABLE_INSTRUCTIONS_MAX = 1000
const TABLE_CELL_BYTES = 12

/** Operations; about as long as so many of the script's own at their dearest. */
const CHARGE = {
  unit: 20,
  instruction: 100,
  unicodeClass: 10_000,
  foldedUnicodeClass: 30_000,
  /** Each char of it is looked up for its other case. */
  foldedRange: 250_000,
} as const

interface Kept {
  readonly program: PatternProgram
  readonly weight: number
}

/** The least recently used patterns go when they weigh too much together. */
class PatternCache {
  readonly #weightMax: number
  readonly #kept = new Map<string, Kept>()
  #weight = 0

  constructor(weightMax: number) {
    this.#weightMax = weightMax
  }

  find(pattern: string): Kept | undefined {
    const kept = this.#kept.get(pattern)
    if (kept === undefined) return undefined
    this.#kept.delete(pattern)
    this.#kept.set(pattern, kept)
    return kept
  }

  add(pattern: string, kept: Kept): void {
    if (this.#kept.has(pattern)) return
    this.#kept.set(pattern, kept)
    this.#weight += kept.weight
    for (const [oldest, { weight }] of this.#kept) {
      if (this.#weight <= this.#weightMax) return
      this.#kept.delete(oldest)
      this.#weight -= weight
    }
  }
}

const shared = new PatternCache(SHARED_WEIGHT_MAX)
const ofRuns = new WeakMap<object, PatternCache>()

/** Compiles a text; see {@link programOf}. */
export type CompilePattern = (pattern: string) => PatternProgram

/**
 * The program of a pattern, compiled at most once for a run.
 *
 * @throws RhaiError `PIC_REGEX_INVALID` or `PIC_REGEX_TOO_LARGE`, which the script can catch
 */
export function programOf(
  context: CallContext,
  pattern: string,
  compile: CompilePattern,
): PatternProgram {
  const run = runCache(context)
  const kept = run.find(pattern)
  if (kept !== undefined) return kept.program
  if (pattern.length > PATTERN_UNITS_MAX) {
    throw tooLarge(`it is longer than ${PATTERN_UNITS_MAX} characters`)
  }
  context.charge(CHARGE.unit * pattern.length)
  const cost = costOf(pattern)
  const weight = weightOf(pattern, cost)
  if (cost.instructions > INSTRUCTIONS_MAX || weight > RUN_WEIGHT_MAX) {
    throw tooLarge(`with its repetitions it is more than ${INSTRUCTIONS_MAX} instructions`)
  }
  context.charge(chargeFor(cost))
  const made = shared.find(pattern) ?? { program: compile(pattern), weight }
  if (made.program.groupCount > GROUPS_MAX) throw tooLarge(`it has more than ${GROUPS_MAX} groups`)
  shared.add(pattern, made)
  run.add(pattern, made)
  return made.program
}

function runCache({ hostData }: CallContext): PatternCache {
  if (typeof hostData !== 'object' || hostData === null) return new PatternCache(RUN_WEIGHT_MAX)
  const cache = ofRuns.get(hostData) ?? new PatternCache(RUN_WEIGHT_MAX)
  ofRuns.set(hostData, cache)
  return cache
}

function weightOf(pattern: string, cost: PatternCost): number {
  const { instructions, unicodeClasses, isAnchored } = cost
  const rows = isAnchored && instructions < 2 * TABLE_INSTRUCTIONS_MAX ? instructions : 0
  const table = Math.min(rows, TABLE_INSTRUCTIONS_MAX) * pattern.length * TABLE_CELL_BYTES
  return instructions * BYTES_PER_INSTRUCTION + unicodeClasses * BYTES_PER_UNICODE_CLASS + table
}

function chargeFor(cost: PatternCost): number {
  const { instructions, unicodeClasses, wideRanges, ignoresCase } = cost
  const perClass = ignoresCase ? CHARGE.foldedUnicodeClass : CHARGE.unicodeClass
  const perRange = ignoresCase ? CHARGE.foldedRange : CHARGE.unit
  return CHARGE.instruction * instructions + perClass * unicodeClasses + perRange * wideRanges
}

function tooLarge(why: string): unknown {
  return refusal('PIC_REGEX_TOO_LARGE', `The pattern is too large: ${why}`)
}
