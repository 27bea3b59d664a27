/**
 * Masks the secrets an invocation was given, by their values, in whatever is kept of it.
 *
 * Both sides have one for each invocation: the sandbox, where texts are made and cut, and the
 * supervisor, which trusts no sandbox and sees all of it again before it goes on.
 *
 * @module
 */
import type { KnownSecret } from '@picloud/shared'
import { FORM_LENGTH_MIN, secretForms } from './secret-forms.ts'

/** What stands at the end of a text that was cut. */
const CUT = '...'
/** What stands behind a quotation that was cut, and what may be left before it of half a character. */
const CUTS = /\.\.|…/
const QUOTE_END = /^(?:\ufffd|\\ud[89ab][0-9a-f]{2}|[\ud800-\udbff])?(?:\.\.|…)/
const QUOTE_END_LENGTH_MAX = 8
/** Longer beginnings are not quoted, so that nothing is compared for long. */
const QUOTE_LENGTH_MAX = 128

interface Match {
  readonly start: number
  readonly end: number
  readonly name: string
}

interface Needle {
  readonly form: string
  readonly name: string
}

export class SecretMask {
  readonly #names = new Map<string, string>()
  #needles: readonly Needle[] | undefined

  constructor(known: readonly KnownSecret[] = []) {
    for (const { name, value } of known) this.add(name, value)
  }

  get secrets(): readonly KnownSecret[] {
    return Array.from(this.#names, ([value, name]) => ({ name, value }))
  }

  get isEmpty(): boolean {
    return this.#names.size === 0
  }

  /** The same name may have had another value before. */
  add(name: string, value: string): void {
    if (this.#names.has(value)) return
    this.#names.set(value, name)
    this.#needles = undefined
  }

  /** The text with `[secret NAME]` wherever a secret stands in it, in any of its forms. */
  text(text: string): string {
    if (this.isEmpty) return text
    const matches = this.#matchesIn(text)
    return matches.length === 0 ? text : masked(text, matches)
  }

  /**
   * The same for a text that somebody else has cut, or a part of it, who knew of no secret: no beginning
   * of one is left at the end, nor in what is quoted in part.
   */
  cutText(text: string): string {
    const whole = this.text(text)
    if (this.isEmpty || !CUTS.test(whole)) return whole
    const matches = this.#allNeedles().flatMap((needle) => beginningsIn(whole, needle))
    return this.#withoutLast(matches.length === 0 ? whole : masked(whole, matches))
  }

  #withoutLast(whole: string): string {
    if (!whole.endsWith(CUT)) return whole
    const end = whole.length - CUT.length
    for (const { form, name } of this.#allNeedles()) {
      const begin = form.slice(0, FORM_LENGTH_MIN)
      let start = whole.indexOf(begin, Math.max(0, end - form.length))
      while (start >= 0 && !form.startsWith(whole.slice(start, end))) {
        start = whole.indexOf(begin, start + 1)
      }
      if (start >= 0 && start < end) return `${whole.slice(0, start)}[secret ${name}]${CUT}`
    }
    return whole
  }

  /** Data as JSON has it, with the names of its members. */
  data(value: unknown): unknown {
    if (this.isEmpty) return value
    if (typeof value === 'string') return this.text(value)
    if (typeof value === 'number') {
      const shown = String(value)
      const text = this.text(shown)
      return text === shown ? value : text
    }
    if (Array.isArray(value)) return value.map((item) => this.data(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [this.text(name), this.data(member)]),
    )
  }

  /** For a log: what is told of an error, and of what caused it. */
  error(error: unknown): unknown {
    if (this.isEmpty) return error
    if (!(error instanceof Error)) return this.text(String(error))
    const cause = error.cause === undefined ? {} : { cause: this.error(error.cause) }
    const shown = new Error(this.text(error.message), cause)
    shown.name = error.name
    shown.stack = this.text(error.stack ?? '')
    return 'code' in error ? Object.assign(shown, { code: error.code }) : shown
  }

  #allNeedles(): readonly Needle[] {
    this.#needles ??= [...this.#names].flatMap(([value, name]) =>
      secretForms(value).map((form) => ({ form, name })),
    )
    return this.#needles
  }

  #matchesIn(text: string): readonly Match[] {
    const matches: Match[] = []
    for (const { form, name } of this.#allNeedles()) {
      let start = text.indexOf(form)
      while (start >= 0) {
        const end = start + form.length
        matches.push({ start, end, name })
        start = text.indexOf(form, end)
      }
    }
    return matches
  }
}

/** Where a form of a secret begins and is cut off. */
function beginningsIn(text: string, { form, name }: Needle): readonly Match[] {
  const matches: Match[] = []
  const begin = form.slice(0, FORM_LENGTH_MIN)
  const lengthMax = Math.min(form.length, QUOTE_LENGTH_MAX)
  for (let start = text.indexOf(begin); start >= 0; start = text.indexOf(begin, start + 1)) {
    let length = begin.length
    while (length < lengthMax && text[start + length] === form[length]) length += 1
    const end = start + length
    const isCut = QUOTE_END.test(text.slice(end, end + QUOTE_END_LENGTH_MAX))
    if (isCut) matches.push({ start, end, name })
  }
  return matches
}

/** What overlaps is masked as one: of two secrets that share an end, no rest of either is left. */
function masked(text: string, matches: readonly Match[]): string {
  const inOrder = matches.toSorted((a, b) => a.start - b.start || b.end - a.end)
  let result = ''
  let end = 0
  for (const match of inOrder) {
    if (match.start >= end) result += `${text.slice(end, match.start)}[secret ${match.name}]`
    end = Math.max(end, match.end)
  }
  return result + text.slice(end)
}
