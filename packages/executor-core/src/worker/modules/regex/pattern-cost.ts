/**
 * What compiling a pattern will cost, from its text alone.
 *
 * `(a{1000}){1000}` is fourteen characters and a million instructions, so the engine is asked only
 * when this says how much it will be. It reads what quantifiers multiply and what classes hold, and
 * understands no more of a pattern than that. Of a valid pattern `instructions` is never less than
 * what the engine makes of it; of an invalid one nothing is made.
 * Knows nothing of the engine and of scripts.
 *
 * @module
 */

export interface PatternCost {
  /** At least as many as the compiled program has. */
  readonly instructions: number
  /** `\p{..}` and `\P{..}`: each is hundreds of ranges of characters. */
  readonly unicodeClasses: number
  /** Ranges in classes that may go far beyond ASCII. */
  readonly wideRanges: number
  /** Some of it may not tell upper from lower case: each char of a range is then looked up. */
  readonly ignoresCase: boolean
  /** It may be one that the engine prepares a second table for. */
  readonly isAnchored: boolean
}

/** What each quantifier, group and alternative adds beside what stands inside. */
const QUANTIFIER = 2
const GROUP = 3
const ALTERNATIVE = 2
/** The beginning and the end of a program. */
const FRAME = 8

const QUOTED = /\\Q.*?(?:\\E|$)/sy
const ESCAPE = /\\(?:[pP](?:\{[^}]*\}?|.)|x\{[^}]*\}?|x.{0,2}|.|$)/suy
const FLAGS = /\(\?[a-zA-Z-]*\)/y
const GROUP_START = /\((?:\?P?<[^>]*>|\?[a-zA-Z-]*:?)?/y
const REPEAT = /\{(\d+)(?:(,)(\d*))?\}/y
const CLASS_NAME = /\[:[^\]]*:\]/y
const FOLDING = /\(\?[a-zA-Z]*i/
const ANCHOR = /\^|\\A/
const ASCII_MAX = 0x7f

export function costOf(pattern: string): PatternCost {
  return new PatternScan(pattern).cost()
}

class PatternScan {
  readonly #pattern: string
  /** Sizes of the groups that are still open, the whole pattern first. */
  readonly #open: number[] = [0]
  #at = 0
  /** The size of what a quantifier would repeat. */
  #last = 0
  #unicodeClasses = 0
  #wideRanges = 0

  constructor(pattern: string) {
    this.#pattern = pattern
  }

  cost(): PatternCost {
    while (this.#at < this.#pattern.length) this.#part()
    return {
      instructions: FRAME + this.#open.reduce((sum, size) => sum + size, 0),
      unicodeClasses: this.#unicodeClasses,
      wideRanges: this.#wideRanges,
      ignoresCase: FOLDING.test(this.#pattern),
      isAnchored: ANCHOR.test(this.#pattern),
    }
  }

  #part(): void {
    switch (this.#pattern[this.#at]) {
      case '\\':
        this.#escaped()
        break
      case '[':
        this.#class()
        break
      case '(':
        // Flags alone are nothing a quantifier could repeat: one behind them repeats what is before.
        if (this.#take(FLAGS) !== undefined) break
        this.#take(GROUP_START)
        this.#open.push(GROUP)
        this.#last = 0
        break
      case ')':
        this.#close()
        break
      case '|':
        this.#at += 1
        this.#add(ALTERNATIVE)
        break
      case '*':
      case '+':
      case '?':
        this.#at += 1
        this.#repeat(1)
        break
      case '{':
        this.#braces()
        break
      default:
        this.#at += 1
        this.#add(1)
    }
  }

  #escaped(): void {
    const quoted = this.#take(QUOTED)
    if (quoted !== undefined) {
      // Only its last char could be repeated.
      this.#add(quoted.length)
      this.#last = 1
      return
    }
    if (/^\\p/i.test(this.#take(ESCAPE) ?? '')) this.#unicodeClasses += 1
    this.#add(1)
  }

  #class(): void {
    this.#at += 1
    if (this.#pattern[this.#at] === '^') this.#at += 1
    for (let isFirst = true; this.#at < this.#pattern.length; isFirst = false) {
      if (this.#pattern[this.#at] === ']' && !isFirst) break
      this.#classItem()
    }
    this.#at += 1
    this.#add(1)
  }

  #classItem(): void {
    if (this.#take(CLASS_NAME) !== undefined) return
    const low = this.#classChar()
    if (this.#pattern[this.#at] !== '-' || this.#pattern[this.#at + 1] === ']') return
    this.#at += 1
    const high = this.#classChar()
    if (!isAscii(low) || !isAscii(high)) this.#wideRanges += 1
  }

  #classChar(): string {
    const escaped = this.#take(ESCAPE)
    if (escaped !== undefined) {
      if (/^\\p/i.test(escaped)) this.#unicodeClasses += 1
      return escaped
    }
    const char = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0)
    this.#at += char.length
    return char
  }

  #close(): void {
    this.#at += 1
    const size = this.#open.length > 1 ? (this.#open.pop() ?? 0) : 0
    this.#add(size)
  }

  #braces(): void {
    const text = this.#take(REPEAT)
    if (text === undefined) {
      this.#at += 1
      this.#add(1)
      return
    }
    const [, least = '', comma, most = ''] = /(\d+)(,?)(\d*)/.exec(text) ?? []
    // Without an upper end there is one more, which is repeated.
    const times = comma === ',' && most === '' ? Number(least) + 1 : Number(most || least)
    this.#repeat(times)
  }

  #repeat(times: number): void {
    const repeated = (this.#last + QUANTIFIER) * Math.max(times, 1)
    const added = repeated - this.#last
    this.#add(added)
    this.#last = repeated
  }

  #add(size: number): void {
    const top = this.#open.length - 1
    this.#open[top] = (this.#open[top] ?? 0) + size
    this.#last = size
  }

  #take(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at
    const text = expression.exec(this.#pattern)?.[0]
    if (text !== undefined) this.#at += text.length
    return text
  }
}

/** An escape could be any char. */
function isAscii(char: string): boolean {
  return char.length === 1 && char.charCodeAt(0) <= ASCII_MAX
}
