/**
 * Conditional requests (RFC 9110 section 13): an ETag is a revision, or what an endpoint has for a
 * tag instead, in quotes.
 *
 * A tag that is not one of ours, or a weak one, matches nothing: the change is then refused, which
 * is what a client that sends one is afraid of losing.
 *
 * @module
 */
import type { Precondition } from '../domain/precondition.ts'

const TAG = /^"([\w-]{1,64})"$/

export function etagOf(tag: string): string {
  return `"${tag}"`
}

/** The revision an answer tells of itself; null when it has none. */
export function revisionOf(result: unknown): string | null {
  if (typeof result !== 'object' || result === null || !('revision' in result)) return null
  return typeof result.revision === 'number' ? String(result.revision) : null
}

/** RFC 9110 section 13.1.1. */
export function parseIfMatch(header: string | undefined): Precondition {
  if (header === undefined) return null
  if (header.trim() === '*') return 'any'
  return header.split(',').flatMap((tag) => {
    const value = TAG.exec(tag.trim())?.[1]
    return value === undefined ? [] : [value]
  })
}

/** RFC 9110 section 13.1.2, for a read: whether the client holds what has this tag already. */
export function isKnown(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  return header.split(',').some((held) => held.trim().replace(/^W\//, '') === etagOf(tag))
}
