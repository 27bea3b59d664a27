/**
 * Strings as sequences of code points, on JavaScript strings of UTF-16 units.
 *
 * Most strings hold no surrogates, and then both counts agree: one test, which for Latin-1 strings
 * costs nothing, decides between plain index arithmetic and walking.
 *
 * @module
 */
import { basicChar, charOf, type RhaiChar } from './value.ts'

const SURROGATE = /[\ud800-\udfff]/
const BASIC_PLANE_MAX = 0xffff

/** Whether units and code points differ in number. */
export function hasWideChars(text: string): boolean {
  return SURROGATE.test(text)
}

/** The number of code points. */
export function charCount(text: string): number {
  return hasWideChars(text) ? countWide(text, text.length) : text.length
}

/** The char at a position that counts code points, or nothing when it is outside. */
export function charAt(text: string, index: number): RhaiChar | undefined {
  if (index < 0) return undefined
  if (!hasWideChars(text)) {
    return index < text.length ? charFrom(text, index) : undefined
  }
  const offset = wideOffset(text, index)
  return offset < text.length ? charFrom(text, offset) : undefined
}

/** The char that starts at a UTF-16 offset. */
export function charFrom(text: string, offset: number): RhaiChar {
  return (
    basicChar(text.charCodeAt(offset)) ??
    charOf(String.fromCodePoint(text.codePointAt(offset) as number))
  )
}

/** The UTF-16 offset of a position that counts code points; past the end it is the length. */
export function offsetOf(text: string, index: number): number {
  if (index <= 0) return 0
  return hasWideChars(text) ? wideOffset(text, index) : Math.min(index, text.length)
}

/** The position in code points of a UTF-16 offset; -1 for -1. */
export function indexAt(text: string, offset: number): number {
  if (offset < 0) return offset
  return hasWideChars(text) ? countWide(text, offset) : offset
}

/** Part of a text, both ends counted in code points. */
export function sliceChars(text: string, start: number, end: number): string {
  if (!hasWideChars(text)) return text.slice(start, end)
  const from = wideOffset(text, start)
  return text.slice(from, from + wideOffset(text.slice(from), end - start))
}

/** The length in UTF-8, without encoding it. */
export function utf8Length(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    length += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
  }
  return length
}

function countWide(text: string, end: number): number {
  let count = 0
  for (let offset = 0; offset < end; offset += widthAt(text, offset)) count++
  return count
}

function wideOffset(text: string, index: number): number {
  let offset = 0
  for (let left = index; left > 0 && offset < text.length; left--) offset += widthAt(text, offset)
  return offset
}

function widthAt(text: string, offset: number): number {
  return (text.codePointAt(offset) ?? 0) > BASIC_PLANE_MAX ? 2 : 1
}
