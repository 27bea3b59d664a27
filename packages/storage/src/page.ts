/**
 * Pages of a list, by keyset: a cursor names the last item given out, so items made or deleted
 * meanwhile never shift what follows.
 *
 * A cursor is opaque to callers. It holds nothing but sort keys, and one that was tampered with
 * can at worst start a page somewhere else in the same list.
 *
 * @module
 */
import { isId } from '@picloud/shared'
import { CursorInvalidError } from './errors.ts'

export interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface Page<T> {
  readonly items: readonly T[]
  /** Null: this was the last page. */
  readonly nextCursor: string | null
}

/** Where a list sorted by a text and then by id goes on. */
export interface TextCursor {
  readonly text: string
  readonly id: string
}

/** @param rows up to `limit + 1` of them: the one too many tells that there is a next page. */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  cursorOf: (row: T) => string,
): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const more = rows.length > limit && last !== undefined
  return { items, nextCursor: more ? cursorOf(last) : null }
}

export function encodeTextCursor(text: string, id: string): string {
  return encode([text, id])
}

export function decodeTextCursor(cursor: string): TextCursor {
  const [text, id] = decode(cursor)
  if (typeof text !== 'string' || typeof id !== 'string' || !isId(id) || text.includes('\0')) {
    throw new CursorInvalidError()
  }
  return { text, id }
}

/** For lists sorted by id alone. */
export function encodeIdCursor(id: string): string {
  return encode([id])
}

export function decodeIdCursor(cursor: string): string {
  const [id] = decode(cursor)
  if (typeof id !== 'string' || !isId(id)) throw new CursorInvalidError()
  return id
}

export function encodeSequenceCursor(sequence: number): string {
  return encode([sequence])
}

export function decodeSequenceCursor(cursor: string): number {
  const [sequence] = decode(cursor)
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 0) {
    throw new CursorInvalidError()
  }
  return sequence
}

function encode(keys: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url')
}

function decode(cursor: string): readonly unknown[] {
  try {
    const keys: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(keys)) return keys
  } catch {
    // Not JSON: not one of ours, as is told below.
  }
  throw new CursorInvalidError()
}
