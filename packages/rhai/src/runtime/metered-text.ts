/**
 * Comparing and quoting texts during a run: charged, and held to the string limit.
 *
 * @module
 */
import type { CallContext } from './call-context.ts'
import { compareText } from './map-keys.ts'
import { chargeLook, chargeRewrite, chargeText } from './metering.ts'
import { isPlain, quotedText } from './quoted-text.ts'
import { checkStringSize } from './size-limits.ts'

const BLOCK_UNITS = 4096

/** Negative, zero or positive, as `left` comes before, equals or comes after `right`. */
export function compareTextIn(context: CallContext, left: string, right: string): number {
  chargeLook(context, left.length + right.length)
  return compareText(left, right)
}

/** A text in quotes; `lengthBefore` is the length of the text it becomes part of. */
export function quote(context: CallContext, text: string, lengthBefore: number): string {
  checkStringSize(context, lengthBefore + text.length)
  chargeText(context, text.length)
  if (isPlain(text)) return `"${text}"`
  let quoted = '"'
  for (let start = 0; start < text.length; ) {
    const end = blockEnd(text, start)
    chargeRewrite(context, end - start)
    quoted += quotedText(text.slice(start, end)).slice(1, -1)
    checkStringSize(context, lengthBefore + quoted.length)
    start = end
  }
  return `${quoted}"`
}

/** Where a block ends that begins at `start` and cuts no char in two. */
function blockEnd(text: string, start: number): number {
  const end = start + BLOCK_UNITS
  if (end >= text.length) return text.length
  return (text.codePointAt(end - 1) ?? 0) > 0xffff ? end + 1 : end
}
