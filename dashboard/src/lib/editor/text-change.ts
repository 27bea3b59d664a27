/**
 * The smallest single change that makes one text another, so that the cursor, folds and marks
 * outside of it stay where they are.
 *
 * @module
 */
import type { ChangeSpec } from '@codemirror/state'

export function textChange(before: string, after: string): ChangeSpec {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start += 1
  let tail = 0
  while (
    tail < shorter - start &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1
  }
  return { from: start, to: before.length - tail, insert: after.slice(start, after.length - tail) }
}
