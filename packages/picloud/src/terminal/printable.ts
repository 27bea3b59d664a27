/**
 * Makes text from elsewhere safe to show on a terminal.
 *
 * Log lines, names and answers hold what strangers sent. Control characters in them could move the
 * cursor, recolour or retype what an operator reads, so they are shown as escapes instead.
 *
 * @module
 */

/** One line: every control character and bidirectional override is escaped. */
export function printableLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, escapeOf)
}

/** Several lines: line feeds and tabs stay. */
export function printableText(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, escapeOf)
}

function escapeOf(character: string): string {
  const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
  const code = character.codePointAt(0) ?? 0
  return named[character] ?? `\\u{${code.toString(16)}}`
}
