/**
 * A list as people write it: one entry a line.
 *
 * @module
 */

/** Empty lines and spaces around entries mean nothing. */
export function linesIn(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

export function textOf(entries: readonly string[]): string {
  return entries.join('\n')
}
