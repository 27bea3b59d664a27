/**
 * Matches as scripts see them: maps, with positions that count chars as Rhai's strings do.
 *
 * @module
 */
import { type CallContext, makeArray, mapMaker, type RhaiMap, type Value } from '@picloud/rhai'
import { chargeUnits } from '../../charge.ts'
import type { DataRoom } from '../data-room.ts'
import type { Offsets, PatternProgram } from './program.ts'

const matchOf = mapMaker(['text', 'start', 'end'])
const captureOf = mapMaker(['text', 'start', 'end', 'groups', 'named'])

/** Making maps, and clearing them away. */
const OPERATIONS_PER_MATCH = 30
const OPERATIONS_PER_CAPTURE = 100
/** The item, and the entries of its map. */
const MATCH_ITEMS = 4
const CAPTURE_ITEMS = 6
const SURROGATE = /[\ud800-\udfff]/

/** Counts chars up to offsets, which must not go back. */
export class CharPositions {
  readonly #context: CallContext
  readonly #text: string
  readonly #isNarrow: boolean
  #offset = 0
  #position = 0

  constructor(context: CallContext, text: string) {
    chargeUnits(context, text.length)
    this.#context = context
    this.#text = text
    this.#isNarrow = !SURROGATE.test(text)
  }

  at(offset: number): number {
    if (this.#isNarrow) return offset
    chargeUnits(this.#context, offset - this.#offset)
    while (this.#offset < offset) {
      this.#offset += (this.#text.codePointAt(this.#offset) ?? 0) > 0xffff ? 2 : 1
      this.#position += 1
    }
    return this.#position
  }
}

/** Makes maps of the matches of one text. */
export class MatchMaker {
  readonly #context: CallContext
  readonly #program: PatternProgram
  readonly #text: string
  readonly #positions: CharPositions
  readonly #named: (values: readonly Value[]) => RhaiMap

  constructor(context: CallContext, program: PatternProgram, text: string) {
    this.#context = context
    this.#program = program
    this.#named = mapMaker(program.names.map(([name]) => name))
    this.#text = text
    this.#positions = new CharPositions(context, text)
  }

  /** `#{ text, start, end }` */
  match(offsets: Offsets, room: DataRoom): RhaiMap {
    this.#context.charge(OPERATIONS_PER_MATCH)
    const place = this.#place(offsets)
    room.take(MATCH_ITEMS, unitsOf(place))
    return matchOf(place)
  }

  /** The same with `groups`, of which the first is the match, and those that have names. */
  capture(offsets: Offsets, room: DataRoom): RhaiMap {
    const { groupCount, names } = this.#program
    this.#context.charge(OPERATIONS_PER_CAPTURE + 2 * groupCount + 8 * names.length)
    const groups = Array.from({ length: groupCount + 1 }, (_, group) =>
      groupText(this.#text, offsets, group),
    )
    const named = names.map(([, group]) => groups[group])
    const place = this.#place(offsets)
    const units = unitsOf(place) + unitsOf(groups) + unitsOf(named)
    room.take(CAPTURE_ITEMS + groups.length + named.length, units)
    return captureOf([...place, makeArray(groups), this.#named(named)])
  }

  #place(offsets: Offsets): Value[] {
    const [start = 0, end = 0] = offsets
    const at = this.#positions.at(start)
    return [this.#text.slice(start, end), at, this.#positions.at(end)]
  }
}

/** The text of a group, `()` when it took no part in the match. */
export function groupText(text: string, offsets: Offsets, group: number): string | undefined {
  const start = offsets[2 * group] ?? -1
  return start < 0 ? undefined : text.slice(start, offsets[2 * group + 1])
}

function unitsOf(values: readonly Value[]): number {
  return values.reduce(
    (sum: number, value) => sum + (typeof value === 'string' ? value.length : 0),
    0,
  )
}
