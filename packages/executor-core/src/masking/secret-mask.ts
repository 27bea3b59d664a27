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

  /** The same for a text that somebody else has cut, who knew of no secret: no beginning of one is left. */
  cutText(text: string): string {
    const whole = this.text(text)
    if (this.isEmpty || !whole.endsWith(CUT)) return whole
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
