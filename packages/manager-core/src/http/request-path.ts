/**
 * The path of a request's target.
 *
 * Query strings may hold what a log and an answer should not repeat.
 *
 * @module
 */
export function pathOf(url: string): string {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}
