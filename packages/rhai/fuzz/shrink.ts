/**
 * Makes a failing program smaller for as long as it fails in the same way.
 *
 * @module
 */
import { piecesOf } from './generate/mutate.ts'

/** `fails` must be true of `source`, and is asked until `deadlineMs` of `performance.now()`. */
export function shrink(
  source: string,
  fails: (candidate: string) => boolean,
  deadlineMs: number,
): string {
  let best = source
  for (;;) {
    const lines = withoutParts(best.split('\n'), '\n', fails, deadlineMs)
    const smaller = withoutParts(piecesOf(lines), '', fails, deadlineMs)
    if (smaller.length >= best.length || performance.now() > deadlineMs) {
      return smaller.length < best.length ? smaller : best
    }
    best = smaller
  }
}

/** Drops runs of parts, first half of them, then ever shorter ones. */
function withoutParts(
  parts: readonly string[],
  separator: string,
  fails: (candidate: string) => boolean,
  deadlineMs: number,
): string {
  let kept = parts
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < kept.length && performance.now() < deadlineMs; ) {
      const candidate = [...kept.slice(0, start), ...kept.slice(start + size)]
      if (fails(candidate.join(separator))) kept = candidate
      else start += size
    }
  }
  return kept.join(separator)
}
