/**
 * Whitespace as Unicode defines it (White_Space), which JavaScript's `trim` nearly is: it also
 * takes the byte order mark and misses the next-line character.
 *
 * All of it lies in the basic plane, so one UTF-16 unit tells.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { chargeText } from '../runtime/metering.ts'

const BLANK = /\p{White_Space}/u
const ASCII_MAX = 0x7f

export function trimmed(context: CallContext, text: string): string {
  chargeText(context, text.length)
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

/** The pieces between runs of whitespace, without empty ones. */
export function* words(context: CallContext, text: string): Generator<string> {
  chargeText(context, text.length)
  let start = 0
  for (let at = 0; at < text.length; at++) {
    if (!isBlank(text.charCodeAt(at))) continue
    if (at > start) yield text.slice(start, at)
    start = at + 1
  }
  if (start < text.length) yield text.slice(start)
}

function isBlank(unit: number): boolean {
  if (unit <= ASCII_MAX) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d)
  return BLANK.test(String.fromCharCode(unit))
}
