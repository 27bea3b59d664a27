/**
 * Which keys begin with a text, as a range in the order of the database: that of code points, which
 * is that of the bytes in UTF-8.
 *
 * No pattern is built of what a script gives, so that nothing in it can mean anything.
 *
 * @module
 */

export interface KeyRange {
  /** The first key there may be. */
  readonly from: string
  /** The first one behind; null: there is no end. */
  readonly below: string | null
}

const CODE_POINT_MAX = 0x10_ffff
const SURROGATE_MIN = 0xd800
const SURROGATE_MAX = 0xdfff

/** The keys that begin with `prefix` and come after `after`. No key holds a NUL. */
export function rangeOf(prefix: string, after: string | null): KeyRange {
  const isAhead = after === null || comparePoints(after, prefix) < 0
  return { from: isAhead ? prefix : `${after}\u0001`, below: firstBehind(prefix) }
}

/** The least text that is greater than all that begin with this one. */
function firstBehind(prefix: string): string | null {
  const points = Array.from(prefix, (char) => char.codePointAt(0) ?? 0)
  while (points.at(-1) === CODE_POINT_MAX) points.pop()
  const last = points.pop()
  if (last === undefined) return null
  const next = last + 1 === SURROGATE_MIN ? SURROGATE_MAX + 1 : last + 1
  return String.fromCodePoint(...points, next)
}

function comparePoints(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right))
}
