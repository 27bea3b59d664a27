/**
 * A text as the regular expression engine reads it, each read paid for before it is made.
 *
 * The engine's time is proportional to the chars it reads, times what it does for each. How often a
 * search of many matches reads a char nobody can say before, so the input itself keeps the meter:
 * reads are charged in small groups, and literal parts are looked for by the language's own search.
 * It stands for the engine's `MachineInput`, and is all that the engine knows of the text.
 *
 * @module
 */
import { type CallContext, TextSearch } from '@picloud/rhai'

const READS_PER_CHARGE = 16

/** What the engine reads at the end: a code point above three bits of width. */
const END_OF_TEXT = -8
const WIDTH_BITS = 3
const BASIC_PLANE_MAX = 0xffff
const NEWLINE = 0x0a

/** Conditions of a place between two chars, as the engine's instructions name them. */
const BEGIN_LINE = 1
const END_LINE = 2
const BEGIN_TEXT = 4
const END_TEXT = 8
const WORD_BOUNDARY = 16
const NO_WORD_BOUNDARY = 32

export class MeteredInput {
  readonly #context: CallContext
  readonly #text: string
  readonly #operationsPerRead: number
  readonly #searches = new Map<string, { readonly search: TextSearch; found: number }>()
  #readsPaid = 0

  constructor(context: CallContext, text: string, operationsPerRead: number) {
    this.#context = context
    this.#text = text
    this.#operationsPerRead = operationsPerRead
  }

  canCheckPrefix(): boolean {
    return true
  }

  endPos(): number {
    return this.#text.length
  }

  prefixLength(program: { readonly prefix: string }): number {
    return program.prefix.length
  }

  /** The code point at an offset, and its width in units. */
  step(at: number): number {
    this.#pay()
    if (at >= this.#text.length) return END_OF_TEXT
    const code = this.#text.codePointAt(at) ?? 0
    return (code << WIDTH_BITS) | (code > BASIC_PLANE_MAX ? 2 : 1)
  }

  /** How far from an offset the literal text is that every match begins with. */
  index(program: { readonly prefix: string }, from: number): number {
    const found = this.#find(program.prefix, from)
    return found < 0 ? found : found - from
  }

  /** Whether a text without which there is no match is still to come. */
  hasString({ str }: { readonly str: string }, from: number): boolean {
    return this.#find(str, from) >= 0
  }

  /** Whether one of several texts is still to come: not worth a pass of its own. */
  hasAnyString(): boolean {
    return true
  }

  context(at: number): number {
    this.#pay()
    const before = at > 0 && at <= this.#text.length ? this.#text.charCodeAt(at - 1) : -1
    const after = at < this.#text.length ? this.#text.charCodeAt(at) : -1
    let conditions = isWordUnit(before) === isWordUnit(after) ? NO_WORD_BOUNDARY : WORD_BOUNDARY
    if (before < 0) conditions |= BEGIN_TEXT | BEGIN_LINE
    if (before === NEWLINE) conditions |= BEGIN_LINE
    if (after < 0) conditions |= END_TEXT | END_LINE
    if (after === NEWLINE) conditions |= END_LINE
    return conditions
  }

  /** What was found is remembered: the engine asks again from every place before it. */
  #find(part: string, from: number): number {
    if (part === '') return from
    let known = this.#searches.get(part)
    if (known === undefined) {
      known = { search: new TextSearch(this.#context, this.#text, part), found: -1 }
      this.#searches.set(part, known)
    } else if (known.found >= from) {
      return known.found
    }
    known.found = known.search.next(from)
    return known.found
  }

  #pay(): void {
    if (this.#readsPaid === 0) {
      this.#context.charge(READS_PER_CHARGE * this.#operationsPerRead)
      this.#readsPaid = READS_PER_CHARGE
    }
    this.#readsPaid -= 1
  }
}

function isWordUnit(unit: number): boolean {
  return (
    (unit >= 0x61 && unit <= 0x7a) ||
    (unit >= 0x41 && unit <= 0x5a) ||
    (unit >= 0x30 && unit <= 0x39) ||
    unit === 0x5f
  )
}
