/**
 * What a script gave, as a refusal quotes it: its beginning, where it is long.
 *
 * Behind what was cut stands a mark, and not for looks only: by it the supervisor finds the beginning
 * of a secret, which it masks.
 *
 * @module
 */
export function quoted(text: string, unitsMax: number): string {
  return text.length > unitsMax ? `${text.slice(0, unitsMax).toWellFormed()}..` : text
}
