/**
 * Refuses a script that could not run, before anything of it is stored.
 *
 * The compiler is the one the sandboxes use, with the names they give a script; nothing of the
 * script is evaluated here. Knows nothing of HTTP or storage.
 *
 * @module
 */
import { check, RhaiError } from '@picloud/rhai'
import type { Limits } from '@picloud/shared'
import { ScriptCompileError, ScriptSourceTooLargeError } from '../errors/scripts.ts'

/** What every script finds defined, inside functions too. */
const GIVEN_NAMES = ['request', 'ctx']

export type SourceLimits = Pick<Limits, 'sourceBytesMax' | 'functionsMax'>

/** @throws {@link ScriptSourceTooLargeError} {@link ScriptCompileError} */
export function checkSource(source: string, limits: SourceLimits): void {
  const { sourceBytesMax, functionsMax } = limits
  const bytes = Buffer.byteLength(source, 'utf8')
  if (bytes > sourceBytesMax) throw new ScriptSourceTooLargeError(bytes, sourceBytesMax)
  try {
    check(source, { globals: GIVEN_NAMES, limits: { functionsMax } })
  } catch (error) {
    if (!(error instanceof RhaiError)) throw error
    const { kind, text, line, column } = error
    throw new ScriptCompileError({ kind, text, message: String(error), line, column }, error)
  }
}
