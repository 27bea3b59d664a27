/**
 * Looking for a text inside another, in time that grows with their lengths and nothing else.
 *
 * JavaScript's own search is fast, but for some long parts its work is the product of both lengths.
 * So it is used for short parts only, block by block, each charged before it is looked at; long
 * parts are found by a rolling hash, and every place where only the hash agrees is paid for.
 * Offsets count UTF-16 units. A part of whole chars is never found in the middle of one.
 *
 * @module
 */
import type { CallContext } from './call-context.ts'
import { chargeLook, chargeText } from './metering.ts'
import { PiecedText } from './pieced-text.ts'
import { checkStringSize } from './size-limits.ts'

const SHORT_PART_MAX = 32
/** Comparing a short part costs as much as looking at so many units. */
const UNITS_PER_EFFORT = 8
const BLOCK_MIN = 1024
const HASH_BASE = 0x01000193
const HASH_UNITS_PER_CHARGE = 1024
const HASH_EFFORT = 2

/** Whether JavaScript's own search finds the part in bounded time. */
export function isShortPart(part: string): boolean {
  return part.length > 0 && part.length <= SHORT_PART_MAX
}

/** What looking for a short part among so many units costs. */
export function chargeShortSearch(context: CallContext, units: number, part: string): void {
  chargeText(context, units * (1 + Math.floor(part.length / UNITS_PER_EFFORT)))
}

export class TextSearch {
  readonly #context: CallContext
  readonly #text: string
  readonly #part: string
  readonly #isShort: boolean
  /** Units behind and before which searches have been charged already. */
  #paidFrom: number
  #paidTo = 0
  #hashes: PartHashes | undefined

  /** `part` must not be empty. */
  constructor(context: CallContext, text: string, part: string) {
    chargeLook(context, text.length + part.length)
    this.#context = context
    this.#text = text
    this.#part = part
    this.#isShort = isShortPart(part)
    this.#paidFrom = text.length
  }

  /** Where the part stands first at or behind an offset; -1 for nowhere. */
  next(from: number): number {
    this.#paidTo = Math.max(this.#paidTo, from)
    const last = this.#text.length - this.#part.length
    if (from > last) return -1
    return this.#isShort ? this.#nextShort(from, last) : this.#nextLong(from, last, 1)
  }

  /** Where the part stands last so that it ends at or before an offset; -1 for nowhere. */
  previous(end: number): number {
    this.#paidFrom = Math.min(this.#paidFrom, end)
    const first = end - this.#part.length
    if (first < 0) return -1
    return this.#isShort ? this.#previousShort(first) : this.#nextLong(first, 0, -1)
  }

  #nextShort(from: number, last: number): number {
    const text = this.#text
    const part = this.#part
    let size = BLOCK_MIN
    for (let start = from; start <= last; start += size, size *= 2) {
      if (start + size > last) {
        this.#payTo(text.length)
        return text.indexOf(part, start)
      }
      this.#payTo(start + size)
      const at = text.slice(start, start + size + part.length - 1).indexOf(part)
      if (at >= 0) return start + at
    }
    return -1
  }

  #previousShort(first: number): number {
    const text = this.#text
    const part = this.#part
    let size = BLOCK_MIN
    for (let start = first; start >= 0; start -= size, size *= 2) {
      const begin = start - size + 1
      this.#payFrom(Math.max(begin, 0))
      if (begin <= 0) return text.lastIndexOf(part, start)
      const at = text.slice(begin, start + part.length).lastIndexOf(part)
      if (at >= 0) return begin + at
    }
    return -1
  }

  #payTo(end: number): void {
    if (end <= this.#paidTo) return
    chargeShortSearch(this.#context, end - this.#paidTo, this.#part)
    this.#paidTo = end
  }

  #payFrom(start: number): void {
    if (start >= this.#paidFrom) return
    chargeShortSearch(this.#context, this.#paidFrom - start, this.#part)
    this.#paidFrom = start
  }

  /** Goes from one offset to another, forwards or backwards. */
  #nextLong(from: number, to: number, step: 1 | -1): number {
    const text = this.#text
    const length = this.#part.length
    const { forward, backward, topPower } = this.#hashesOfPart()
    const wanted = step > 0 ? forward : backward
    // The unit that leaves the window with a step, and the one that enters it.
    const leaving = step > 0 ? 0 : length - 1
    const entering = step > 0 ? length : -1
    chargeText(this.#context, length * HASH_EFFORT)
    let hash = hashOf(text, from, length, step)
    for (let at = from, seen = 0; ; at += step, seen++) {
      if (seen % HASH_UNITS_PER_CHARGE === 0) {
        chargeText(this.#context, HASH_UNITS_PER_CHARGE * HASH_EFFORT)
      }
      if (hash === wanted && this.#isAt(at)) return at
      if (at === to) return -1
      const rest = hash - Math.imul(text.charCodeAt(at + leaving), topPower)
      hash = (Math.imul(rest, HASH_BASE) + text.charCodeAt(at + entering)) | 0
    }
  }

  #isAt(offset: number): boolean {
    this.#context.charge(1)
    chargeLook(this.#context, this.#part.length)
    return this.#text.startsWith(this.#part, offset)
  }

  #hashesOfPart(): PartHashes {
    if (this.#hashes === undefined) {
      const part = this.#part
      chargeText(this.#context, part.length * HASH_EFFORT)
      let topPower = 1
      for (let i = 1; i < part.length; i++) topPower = Math.imul(topPower, HASH_BASE)
      const forward = hashOf(part, 0, part.length, 1)
      this.#hashes = { forward, backward: hashOf(part, 0, part.length, -1), topPower }
    }
    return this.#hashes
  }
}

interface PartHashes {
  readonly forward: number
  readonly backward: number
  /** The weight of the unit that entered a window first. */
  readonly topPower: number
}

/** The hash of part of a text, its units taken forwards or backwards. */
function hashOf(text: string, start: number, length: number, step: 1 | -1): number {
  let hash = 0
  for (let i = 0, at = step > 0 ? start : start + length - 1; i < length; i++, at += step) {
    hash = (Math.imul(hash, HASH_BASE) + text.charCodeAt(at)) | 0
  }
  return hash
}

/** Whether a text holds another. */
export function includesText(context: CallContext, text: string, part: string): boolean {
  return part === '' || findText(context, text, part, 0) >= 0
}

/** Where a part, which must not be empty, stands first at or behind an offset; -1 for nowhere. */
export function findText(context: CallContext, text: string, part: string, from: number): number {
  const units = text.length - from
  if (!isShortPart(part) || units > BLOCK_MIN) return new TextSearch(context, text, part).next(from)
  chargeLook(context, text.length + part.length)
  if (part.length > units) return -1
  chargeShortSearch(context, units, part)
  return text.indexOf(part, from)
}

/** The text without any occurrence of a part, found in one pass from the left. */
export function removeText(context: CallContext, text: string, part: string): string {
  return part === '' ? text : replaceText(context, text, part, '')
}

/** The text with a substitute for each occurrence of a part, which must not be empty. */
export function replaceText(
  context: CallContext,
  text: string,
  part: string,
  substitute: string,
): string {
  if (isShortPart(part)) {
    const growth = substitute.length - part.length
    if (growth <= 0 && text.length >= EXPRESSION_UNITS_MIN && text.length <= EXPRESSION_UNITS_MAX) {
      return replacedAtOnce(context, text, part, substitute)
    }
    if (text.length <= SPLIT_UNITS_MAX) return rejoined(context, text, part, substitute)
  }
  const search = new TextSearch(context, text, part)
  const result = new PiecedText(context)
  let start = 0
  for (let at = search.next(0); at >= 0; at = search.next(start)) {
    result.add(text.slice(start, at))
    result.add(substitute)
    start = at + part.length
    context.charge(1)
  }
  if (start === 0) return text
  result.add(text.slice(start))
  return result.finish()
}

/** Texts worth an expression, and those whose matches take too much memory. */
const EXPRESSION_UNITS_MIN = 512
const EXPRESSION_UNITS_MAX = 1_048_576
/** The pieces of a longer text would take too much memory. */
const SPLIT_UNITS_MAX = 65_536
const MATCHES_PER_OPERATION = 4
const SYNTAX = /[\\^$.*+?()[\]{}|]/g

/**
 * By an expression without choices, with which JavaScript fills the result in one go. Making one
 * costs as much as cutting a short text into pieces.
 */
function replacedAtOnce(
  context: CallContext,
  text: string,
  part: string,
  substitute: string,
): string {
  chargeShortSearch(context, text.length, part)
  chargeText(context, text.length)
  context.charge(Math.floor(text.length / part.length / MATCHES_PER_OPERATION))
  const expression = new RegExp(part.replaceAll(SYNTAX, '\\$&'), 'g')
  return text.replace(expression, substitute.replaceAll('$', '$$$$'))
}

function rejoined(context: CallContext, text: string, part: string, substitute: string): string {
  chargeShortSearch(context, text.length, part)
  const at = text.indexOf(part)
  if (at < 0) {
    chargeText(context, text.length)
    return text
  }
  const behind = at + part.length
  if (text.length < EXPRESSION_UNITS_MIN && text.indexOf(part, behind) < 0) {
    checkStringSize(context, text.length + substitute.length - part.length)
    chargeText(context, text.length + substitute.length - part.length)
    return text.slice(0, at) + substitute + text.slice(behind)
  }
  const pieces = text.split(part)
  const length = text.length + (pieces.length - 1) * (substitute.length - part.length)
  checkStringSize(context, length)
  chargeText(context, length)
  context.charge(Math.floor(pieces.length / MATCHES_PER_OPERATION))
  return pieces.join(substitute)
}
