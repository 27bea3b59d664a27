/**
 * Finds the name somebody may have meant.
 *
 * @module
 */

/** Of a shorter name every other short name is a neighbour. */
const NAME_LENGTH_MIN = 3
/** Longer names than these are not compared: nobody mistypes them, and it would take long. */
const NAME_LENGTH_MAX = 64

/** The candidate closest to a name that does not exist, if one is close enough. */
export function closestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length < NAME_LENGTH_MIN || name.length > NAME_LENGTH_MAX) return undefined
  let closest: string | undefined
  let least = Math.min(3, Math.floor(name.length / 3))
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) > least) continue
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance > least || (distance === least && closest !== undefined)) continue
    closest = candidate
    least = distance
  }
  return closest
}

/** How many letters to add, drop, replace or swap with their neighbour. */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1]
      const isSwapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      const costs = [
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        ...(isSwapped ? [(beforeLast[column - 2] ?? 0) + 1] : []),
      ]
      current.push(Math.min(...costs))
    }
    beforeLast = last
    last = current
  }
  return last[right.length] ?? 0
}
