/**
 * An error the host gives a script, which may catch it as `#{ code, message }`.
 *
 * @module
 */
import { isMap, makeMap, mapGet, RhaiError, type Value } from '@picloud/rhai'

/**
 * `code` is stable, for scripts to branch on, and listed in `docs/reference/errors.md`. `thrown` is
 * the map another script threw, where that is what went wrong.
 */
export function refusal(code: string, message: string, thrown?: Value): RhaiError {
  const entries: [string, Value][] = [
    ['code', code],
    ['message', message],
  ]
  if (thrown !== undefined) entries.push(['thrown', thrown])
  const text = `Runtime error: ${message} (${code})`
  return new RhaiError({ phase: 'eval', kind: 'ErrorRuntime', text, thrown: makeMap(entries) })
}

/** The message of a refusal; undefined for every other error, limits above all. */
export function refusedBecause(error: unknown): string | undefined {
  if (!(error instanceof RhaiError) || error.endsRun) return undefined
  const thrown = error.thrown as Value
  const message = isMap(thrown) ? mapGet(thrown, 'message') : undefined
  return typeof message === 'string' ? message : undefined
}
