/**
 * Conditional requests (RFC 9110 section 13): ETags are revisions, in quotes.
 *
 * A tag that is not one of ours, or a weak one, matches nothing: the change is then refused, which
 * is what a client that sends one is afraid of losing.
 *
 * @module
 */
import type { Precondition } from '../domain/precondition.ts'

const TAG = /^"(\d{1,15})"$/

export function etagOf(revision: number): string {
  return `"${revision}"`
}

/** The revision an answer tells of itself; null when it has none. */
export function revisionOf(result: unknown): number | null {
  if (typeof result !== 'object' || result === null || !('revision' in result)) return null
  return typeof result.revision === 'number' ? result.revision : null
}

/** RFC 9110 section 13.1.1. */
export function parseIfMatch(header: string | undefined): Precondition {
  if (header === undefined) return null
  if (header.trim() === '*') return 'any'
  return header.split(',').flatMap((tag) => {
    const digits = TAG.exec(tag.trim())?.[1]
    return digits === undefined ? [] : [Number(digits)]
  })
}

/** RFC 9110 section 13.1.2, for a read: whether the client holds this revision already. */
export function isKnown(header: string | undefined, revision: number): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etagOf(revision))
}
