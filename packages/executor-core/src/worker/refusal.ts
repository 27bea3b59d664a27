/**
 * An error the host gives a script, which may catch it as `#{ code, message }`.
 *
 * @module
 */
import { makeMap, RhaiError } from '@picloud/rhai'

/** `code` is stable, for scripts to branch on, and listed in `docs/reference/errors.md`. */
export function refusal(code: string, message: string): RhaiError {
  const thrown = makeMap([
    ['code', code],
    ['message', message],
  ])
  const text = `Runtime error: ${message} (${code})`
  return new RhaiError({ phase: 'eval', kind: 'ErrorRuntime', text, thrown })
}
