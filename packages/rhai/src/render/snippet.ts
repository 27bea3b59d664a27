/**
 * A line of a source with a mark under a part of it.
 *
 * @module
 */
import { type DisplayCharacter, displayed } from './display-text.ts'

export interface Mark {
  readonly line: number
  /** Indexes into the source. */
  readonly start: number
  readonly end: number
}

/** Of a longer line only the part around the mark is shown, so that it does not fill the screen. */
const WIDTH_MAX = 100
/** How much of that stands before the mark. */
const WIDTH_BEFORE = 50
const CUT: DisplayCharacter = { text: '…', width: 1 }

/**
 * @example
 * snippet('let x = ;', { line: 1, start: 8, end: 9 })
 * //   1 | let x = ;
 * //     |         ^
 */
export function snippet(source: string, mark: Mark): string {
  const lineStart = lastBreak(source, mark.start)
  const before = displayed(source.slice(lineStart, mark.start))
  const line = displayed(source.slice(lineStart, nextBreak(source, mark.start)))
  const markedCount = Array.from(source.slice(mark.start, mark.end).split(/[\r\n]/)[0] ?? '').length
  const shown = cut(line, before.length, Math.max(1, markedCount))
  const number = String(mark.line)
  const indent = ' '.repeat(widthOf(shown.before))
  const caret = '^'.repeat(Math.max(1, widthOf(shown.marked)))
  return [
    `  ${number} | ${textOf(shown.before)}${textOf(shown.marked)}${textOf(shown.after)}`,
    `  ${' '.repeat(number.length)} | ${indent}${caret}`,
  ].join('\n')
}

interface CutLine {
  readonly before: readonly DisplayCharacter[]
  readonly marked: readonly DisplayCharacter[]
  readonly after: readonly DisplayCharacter[]
}

function cut(line: readonly DisplayCharacter[], start: number, count: number): CutLine {
  const before = line.slice(0, start)
  const marked = line.slice(start, start + count)
  const after = line.slice(start + count)
  if (widthOf(line) <= WIDTH_MAX) return { before, marked, after }
  const shownBefore = fitting(before.toReversed(), WIDTH_BEFORE).toReversed()
  const room = WIDTH_MAX - widthOf(shownBefore)
  const shownMarked = fitting(marked, after.length === 0 ? room : room - CUT.width)
  const isCut = shownMarked.at(-1) === CUT
  const shownAfter = isCut ? [] : fitting(after, room - widthOf(shownMarked))
  return { before: shownBefore, marked: shownMarked, after: shownAfter }
}

/** As many of the characters as fit, and a sign for those that do not. */
function fitting(line: readonly DisplayCharacter[], widthMax: number): readonly DisplayCharacter[] {
  if (widthOf(line) <= widthMax) return line
  const shown: DisplayCharacter[] = []
  let width = CUT.width
  for (const character of line) {
    width += character.width
    if (width > widthMax) break
    shown.push(character)
  }
  return [...shown, CUT]
}

function widthOf(line: readonly DisplayCharacter[]): number {
  return line.reduce((sum, { width }) => sum + width, 0)
}

function textOf(line: readonly DisplayCharacter[]): string {
  return line.map(({ text }) => text).join('')
}

function lastBreak(source: string, offset: number): number {
  const before = source.slice(0, offset)
  return Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1
}

function nextBreak(source: string, offset: number): number {
  const length = source.slice(offset).search(/[\r\n]/)
  return length < 0 ? source.length : offset + length
}
