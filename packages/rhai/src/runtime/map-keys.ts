/**
 * The order of map keys and of strings: by code point, which is the byte order of UTF-8.
 *
 * JavaScript compares UTF-16 units, which differs where surrogates meet the units above them.
 *
 * @module
 */
import type { RhaiMap } from './value.ts'

const SURROGATE_FIRST = 0xd800
const SURROGATE_LAST = 0xdfff
const INSERTION_SORT_MAX = 16

/** Negative, zero or positive, as `left` comes before, equals or comes after `right`. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  const shared = Math.min(left.length, right.length)
  for (let i = 0; i < shared; i++) {
    const a = left.charCodeAt(i)
    const b = right.charCodeAt(i)
    if (a !== b) return codePointRank(a) - codePointRank(b)
  }
  return left.length - right.length
}

/** The keys of a map in the order scripts see them. */
export function sortedKeys(map: RhaiMap): string[] {
  const keys: string[] = []
  for (const key of map.entries.keys()) keys.push(key)
  if (keys.length > INSERTION_SORT_MAX) return isSorted(keys) ? keys : keys.sort(compareText)
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] as string
    let at = i
    while (at > 0 && compareText(keys[at - 1] as string, key) > 0) {
      keys[at] = keys[at - 1] as string
      at--
    }
    keys[at] = key
  }
  return keys
}

function isSorted(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i++) {
    if (compareText(keys[i - 1] as string, keys[i] as string) > 0) return false
  }
  return true
}

/** A UTF-16 unit's place in code point order: surrogates stand for code points above all units. */
function codePointRank(unit: number): number {
  return unit >= SURROGATE_FIRST && unit <= SURROGATE_LAST ? unit + 0x10000 : unit
}
