/**
 * `regex::`, regular expressions in linear time.
 *
 *     regex::is_match(pattern, text)              bool
 *     regex::find(pattern, text)                  the first match, or ()
 *     regex::find_all(pattern, text)              all of them
 *     regex::captures(pattern, text)              the first match with its groups, or ()
 *     regex::captures_all(pattern, text)          all of them
 *     regex::replace(pattern, text, with)         the text with something else for each match
 *     regex::replace_first(pattern, text, with)
 *     regex::split(pattern, text)                 what stands between the matches
 *     regex::split(pattern, text, parts_max)
 *     regex::escape(text)                         the pattern that matches exactly this text
 *
 * The engine is RE2's, without backtracking: no pattern makes it slower than the product of pattern
 * and text, and that product is charged before it is spent.
 *
 * @module
 */
import {
  type CallContext,
  checkArraySize,
  checkStringSize,
  type HostModule,
  hostFunction,
  INT,
  makeArray,
  type RhaiArray,
  STRING,
  type Value,
} from '@picloud/rhai'
import { chargeUnits } from '../charge.ts'
import { library } from '../library.ts'
import { quoted } from '../quoted.ts'
import { refusal } from '../refusal.ts'
import { DataRoom } from './data-room.ts'
import { MatchMaker } from './regex/matches.ts'
import { programOf } from './regex/pattern-cache.ts'
import { type Offsets, PatternProgram } from './regex/program.ts'
import { Replacement } from './regex/replacement.ts'

const re2js = library<typeof import('re2js')>('re2js')

const PREFACE = 'error parsing regexp: '
/** What messages show of a pattern. */
const SHOWN_MAX = 200
const META = /[\\.+*?()|[\]{}^$]/g

export const REGEX_MODULE: HostModule = {
  functions: {
    is_match: hostFunction([STRING, STRING], (context, pattern, text) => {
      const program = compiled(context, pattern)
      return firstOf(program.matches(context, text)) !== undefined
    }),
    find: hostFunction([STRING, STRING], (context, pattern, text) => {
      const program = compiled(context, pattern)
      const first = firstOf(program.matches(context, text))
      return first && new MatchMaker(context, program, text).match(first, new DataRoom(context))
    }),
    find_all: hostFunction([STRING, STRING], (context, pattern, text) => {
      const program = compiled(context, pattern)
      const maker = new MatchMaker(context, program, text)
      const all = program.matches(context, text)
      return collected(context, all, (found, room) => maker.match(found, room))
    }),
    captures: hostFunction([STRING, STRING], (context, pattern, text) => {
      const program = compiled(context, pattern)
      const first = firstOf(program.matches(context, text, { groups: true }))
      return first && new MatchMaker(context, program, text).capture(first, new DataRoom(context))
    }),
    captures_all: hostFunction([STRING, STRING], (context, pattern, text) => {
      const program = compiled(context, pattern)
      const maker = new MatchMaker(context, program, text)
      const all = program.matches(context, text, { groups: true })
      return collected(context, all, (found, room) => maker.capture(found, room))
    }),
    replace: hostFunction([STRING, STRING, STRING], (context, pattern, text, replacement) =>
      replaced(context, { pattern, text, replacement, timesMax: Number.POSITIVE_INFINITY }),
    ),
    replace_first: hostFunction([STRING, STRING, STRING], (context, pattern, text, replacement) =>
      replaced(context, { pattern, text, replacement, timesMax: 1 }),
    ),
    split: [
      hostFunction([STRING, STRING], (context, pattern, text) =>
        split(context, { pattern, text, partsMax: Number.POSITIVE_INFINITY }),
      ),
      hostFunction([STRING, STRING, INT], (context, pattern, text, partsMax) => {
        if (partsMax < 1) {
          throw refusal(
            'PIC_REGEX_PARTS',
            `A text is split into one part at least, not ${partsMax}`,
          )
        }
        return split(context, { pattern, text, partsMax: Number(partsMax) })
      }),
    ],
    escape: hostFunction([STRING], (context, text) => {
      chargeUnits(context, text.length, 4)
      checkStringSize(context, text.length)
      const escaped = text.replace(META, '\\$&')
      checkStringSize(context, escaped.length)
      return escaped
    }),
  },
}

function compiled(context: CallContext, pattern: string): PatternProgram {
  return programOf(context, pattern, (each) => compile(context, each))
}

function compile(context: CallContext, pattern: string): PatternProgram {
  const { RE2JS, RE2JSException } = re2js()
  try {
    return new PatternProgram(RE2JS.compile(pattern))
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    const why = error.message.replace(PREFACE, '')
    const shown = quoted(context, why, SHOWN_MAX)
    throw refusal('PIC_REGEX_INVALID', `The pattern is not valid: ${shown}`)
  }
}

function firstOf(matches: Generator<Offsets>): Offsets | undefined {
  for (const match of matches) return match
  return undefined
}

function collected(
  context: CallContext,
  matches: Generator<Offsets>,
  make: (offsets: Offsets, room: DataRoom) => Value,
): RhaiArray {
  const items: Value[] = []
  const room = new DataRoom(context)
  for (const match of matches) {
    checkArraySize(context, items.length + 1)
    items.push(make(match, room))
  }
  return makeArray(items)
}

interface Replacing {
  readonly pattern: string
  readonly text: string
  readonly replacement: string
  readonly timesMax: number
}

function replaced(context: CallContext, replacing: Replacing): string {
  const { text, timesMax } = replacing
  const program = compiled(context, replacing.pattern)
  const replacement = new Replacement(context, program, replacing.replacement)
  const pieces: string[] = []
  let length = 0
  const add = (piece: string) => {
    length += piece.length
    checkStringSize(context, length)
    pieces.push(piece)
  }
  let behind = 0
  let times = 0
  for (const offsets of program.matches(context, text, { groups: replacement.usesGroups })) {
    const [start = 0, end = 0] = offsets
    add(text.slice(behind, start))
    for (const piece of replacement.pieces(context, text, offsets)) add(piece)
    behind = end
    times += 1
    if (times >= timesMax) break
  }
  add(text.slice(behind))
  chargeUnits(context, length)
  return pieces.join('')
}

interface Splitting {
  readonly pattern: string
  readonly text: string
  readonly partsMax: number
}

/** A match without any char at the beginning or the end splits nothing off. */
function split(context: CallContext, { pattern, text, partsMax }: Splitting): RhaiArray {
  const program = compiled(context, pattern)
  const parts: string[] = []
  let behind = 0
  const room = new DataRoom(context)
  const add = (part: string) => {
    checkArraySize(context, parts.length + 1)
    room.take(1, part.length)
    parts.push(part)
  }
  for (const [start = 0, end = 0] of program.matches(context, text)) {
    if (parts.length + 1 >= partsMax) break
    const isEmpty = start === end
    if (isEmpty && (start === 0 || end === text.length)) continue
    context.charge(1)
    add(text.slice(behind, start))
    behind = end
  }
  add(text.slice(behind))
  return makeArray(parts)
}
