/**
 * Strings in quotes, as the reference shows them inside arrays, maps and `to_debug`: Rust's debug
 * form, with `\u{..}` for what cannot be seen.
 *
 * @module
 */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/
/** Such texts are looked at char by char. */
export const SHORT_TEXT = 24
const ASCII = /^[\x20-\x7e\t\n\r\0]*$/
/** What is escaped in such texts, and what is in others. */
const ESCAPED_ASCII = /["\\\t\n\r\0]/g
const ESCAPED = /["\\]|(?! )[\p{C}\p{Z}\p{Grapheme_Extend}]/gu

const SHORT_ESCAPES = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\0', '\\0'],
])

/** A char in single quotes, as the reference's `to_json` writes it. */
export function quotedChar(char: string): string {
  if (char === "'") return "'\\''"
  return char === '"' ? `'"'` : `'${quotedText(char).slice(1, -1)}'`
}

export function quotedText(text: string): string {
  if (isPlain(text)) return `"${text}"`
  return `"${text.replace(ASCII.test(text) ? ESCAPED_ASCII : ESCAPED, escapeChar)}"`
}

/**
 * Whether a text in quotes is the text itself.
 *
 * Short texts are looked at here: calling a regular expression costs more than that.
 */
export function isPlain(text: string): boolean {
  if (text.length > SHORT_TEXT) return PLAIN.test(text)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return false
  }
  return true
}

function escapeChar(char: string): string {
  return SHORT_ESCAPES.get(char) ?? `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
}
