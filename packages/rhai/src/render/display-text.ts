/**
 * Text as a terminal shows it: how wide, and nothing that could act on the terminal.
 *
 * @module
 */

const TAB_STOP = 4

/** Stands for what must not reach a terminal as it is. */
const REPLACEMENT = '\ufffd'

/** Control characters, and the marks that make text run in another direction than it is read. */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

const WIDTHLESS = /[\p{Mn}\p{Me}\p{Cf}]/u
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{17000}-\u{18aff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u
const EMOJI = /(?!\p{Regional_Indicator})\p{Emoji_Presentation}/u

/** One character of a line with the number of columns it takes. */
export interface DisplayCharacter {
  readonly text: string
  readonly width: number
}

/** The characters of a line, each replaced by what a terminal may show for it. */
export function displayed(line: string): readonly DisplayCharacter[] {
  let column = 0
  return Array.from(line, (character) => {
    const shown = displayCharacter(character, column)
    column += shown.width
    return shown
  })
}

/** A text of several lines without what could act on a terminal. */
export function harmless(text: string): string {
  return Array.from(text, (character) =>
    character !== '\n' && character !== '\t' && UNSAFE.test(character) ? REPLACEMENT : character,
  ).join('')
}

function displayCharacter(character: string, column: number): DisplayCharacter {
  if (character >= ' ' && character <= '~') return { text: character, width: 1 }
  if (character === '\t') {
    const width = TAB_STOP - (column % TAB_STOP)
    return { text: ' '.repeat(width), width }
  }
  if (UNSAFE.test(character)) return { text: REPLACEMENT, width: 1 }
  if (WIDTHLESS.test(character)) return { text: character, width: 0 }
  return { text: character, width: WIDE.test(character) || EMOJI.test(character) ? 2 : 1 }
}
