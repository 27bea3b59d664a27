/**
 * Finds the name a mistyped one was probably meant to be.
 *
 * @module
 */

/** Of a long name a few letters may be wrong; of a short one, one or two already make another. */
const DISTANCE_MAX = 4
const DISTANCE_PER_LETTER_MAX = 0.34

/** The nearest of the names by edits, or undefined when none is near. */
export function closestName(typed: string, names: readonly string[]): string | undefined {
  const distanceMax = Math.min(DISTANCE_MAX, Math.ceil(typed.length * DISTANCE_PER_LETTER_MAX))
  const ranked = names
    .map((name) => ({ name, distance: editDistance(typed, name) }))
    .filter((candidate) => candidate.distance <= distanceMax)
    .sort((a, b) => a.distance - b.distance)
  return ranked[0]?.name
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      const inserted = (current[column - 1] ?? 0) + 1
      const deleted = (previous[column] ?? 0) + 1
      current.push(Math.min(replaced, inserted, deleted))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
