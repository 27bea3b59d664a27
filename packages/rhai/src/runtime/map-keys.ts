/**
 * The order of map keys and of strings: by code point, which is the byte order of UTF-8.
 *
 * JavaScript compares UTF-16 units, which differs where surrogates meet the units above them.
 *
 * @module
 */
const SURROGATE_FIRST = 0xd800
const SURROGATE_LAST = 0xdfff
const BLOCK_UNITS = 1024

/** Negative, zero or positive, as `left` comes before, equals or comes after `right`. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  const shared = Math.min(left.length, right.length)
  for (let i = firstDifferentBlock(left, right, shared); i < shared; i++) {
    const a = left.charCodeAt(i)
    const b = right.charCodeAt(i)
    if (a !== b) return codePointRank(a) - codePointRank(b)
  }
  return left.length - right.length
}

/** Where the first block starts that may differ: whole blocks are compared at the speed of memory. */
function firstDifferentBlock(left: string, right: string, length: number): number {
  let start = 0
  for (let end = BLOCK_UNITS; end <= length; end += BLOCK_UNITS) {
    if (left.slice(start, end) !== right.slice(start, end)) break
    start = end
  }
  return start
}

/** A UTF-16 unit's place in code point order: surrogates stand for code points above all units. */
function codePointRank(unit: number): number {
  return unit >= SURROGATE_FIRST && unit <= SURROGATE_LAST ? unit + 0x10000 : unit
}
