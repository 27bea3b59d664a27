/**
 * `html::`, text in HTML.
 *
 *     html::escape(text)      text for any place in HTML where text or a quoted attribute stands
 *     html::unescape(text)    what `escape` wrote, and every numeric reference, as chars again
 *
 * @module
 */
import { checkStringSize, type HostModule, hostFunction, STRING } from '@picloud/rhai'
import { chargeUnits } from '../charge.ts'

const PASSES = 4
/** As many as of `&quot;`, the longest. */
const GROWTH_MAX = 6

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#(?:([0-9]{1,7})|[xX]([0-9A-Fa-f]{1,6})));/g

export const HTML_MODULE: HostModule = {
  functions: {
    escape: hostFunction([STRING], (context, text) => {
      chargeUnits(context, text.length, PASSES)
      if (!/[&<>"']/.test(text)) return text
      chargeUnits(context, text.length, GROWTH_MAX * PASSES)
      const escaped = text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char)
      checkStringSize(context, escaped.length)
      return escaped
    }),
    unescape: hostFunction([STRING], (context, text) => {
      chargeUnits(context, text.length, PASSES)
      if (!text.includes('&')) return text
      chargeUnits(context, text.length, GROWTH_MAX * PASSES)
      return text.replace(REFERENCE, (whole, name, decimal, hex) => {
        if (name !== undefined) return NAMES.get(name) ?? whole
        return charOf(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)) ?? whole
      })
    }),
  },
}

function charOf(code: number): string | undefined {
  const isChar = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
  return isChar ? String.fromCodePoint(code) : undefined
}
