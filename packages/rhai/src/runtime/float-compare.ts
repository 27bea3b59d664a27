/**
 * Comparison of floats, and of floats with integers, as the reference has it: relative to the
 * larger operand, within the precision of a float.
 *
 * Anything with NaN or an infinity compares false, `!=` included, because the difference then is
 * no number or the quotient is none. One pair is different: zero and NaN count as equal, because
 * the scale of the two is zero.
 *
 * @module
 */
const EPSILON = Number.EPSILON

export function floatEquals(x: number, y: number): boolean {
  const distance = Math.abs(x - y) / scaleOf(x, y)
  return isNumber(distance) ? distance <= EPSILON : isZeroAndNaN(x, y)
}

export function floatNotEquals(x: number, y: number): boolean {
  return Math.abs(x - y) / scaleOf(x, y) > EPSILON
}

export function floatGreater(x: number, y: number): boolean {
  return (x - y) / scaleOf(x, y) > EPSILON
}

export function floatGreaterOrEqual(x: number, y: number): boolean {
  const distance = (x - y) / scaleOf(x, y)
  return isNumber(distance) ? distance > -EPSILON : isZeroAndNaN(x, y)
}

export function floatLess(x: number, y: number): boolean {
  return floatGreater(y, x)
}

export function floatLessOrEqual(x: number, y: number): boolean {
  return floatGreaterOrEqual(y, x)
}

/** As `Number.isNaN` tells, but free in a hot loop. */
function isNumber(value: number): boolean {
  // biome-ignore lint/suspicious/noSelfCompare: only NaN differs from itself.
  return value === value
}

function isZeroAndNaN(x: number, y: number): boolean {
  return (x === 0 && Number.isNaN(y)) || (y === 0 && Number.isNaN(x))
}

/** The larger size of the two, or one where a side is zero or the product vanishes. */
function scaleOf(x: number, y: number): number {
  if (x * y === 0) return 1
  return Math.max(Math.abs(x), Math.abs(y))
}
