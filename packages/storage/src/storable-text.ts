/**
 * Makes any JavaScript text fit for PostgreSQL, which holds neither NUL nor lone surrogates.
 *
 * Used for what scripts log: a record with a replaced character is better than no record.
 *
 * @module
 */

const REPLACEMENT = '\u{fffd}'

export function storableText(text: string): string
export function storableText(text: string | null): string | null
export function storableText(text: string | null): string | null {
  return text === null ? null : text.replaceAll('\0', REPLACEMENT).toWellFormed()
}

/** Null stays SQL's null; anything else becomes JSON text, names of members included. */
export function storableJson(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const text = JSON.stringify(value)
  // Only these two escapes are valid JSON and not valid jsonb; a text without them is done.
  if (!/\\u(?:0000|d[89a-f])/.test(text)) return text
  return JSON.stringify(storable(value))
}

function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(storable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [storableText(name), storable(member)]),
  )
}
