/**
 * Whitespace as Unicode defines it (White_Space), which JavaScript's `trim` nearly is: it also
 * takes the byte order mark and misses the next-line character.
 *
 * @module
 */
const EDGES = /^\p{White_Space}+|\p{White_Space}+$/gu
const RUNS = /\p{White_Space}+/u

export function trimmed(text: string): string {
  return text.replace(EDGES, '')
}

/** The pieces between runs of whitespace, without empty ones. */
export function words(text: string): string[] {
  return text.split(RUNS).filter((word) => word !== '')
}
