/**
 * Refuses a script that could not run, before anything of it is stored.
 *
 * The compiler is the one the sandboxes use, with the names they give a script; nothing of the
 * script is evaluated here. Knows nothing of HTTP or storage.
 *
 * @module
 */
import { check, diagnose, RhaiError } from '@picloud/rhai'
import type { Limits } from '@picloud/shared'
import { ScriptCompileError, ScriptSourceTooLargeError } from '../errors/scripts.ts'

/** What every script finds defined, inside functions too. */
const GIVEN_NAMES = ['request', 'ctx']

/** Nobody mends more mistakes than this in one go. */
const DIAGNOSTICS_MAX = 50

export type SourceLimits = Pick<
  Limits,
  'sourceBytesMax' | 'functionsMax' | 'importsMax' | 'importBytesMax'
>

/** @throws {@link ScriptSourceTooLargeError} {@link ScriptCompileError} */
export function checkSource(
  source: string,
  limits: Pick<SourceLimits, 'sourceBytesMax' | 'functionsMax'>,
): void {
  const { sourceBytesMax, functionsMax } = limits
  const bytes = Buffer.byteLength(source, 'utf8')
  if (bytes > sourceBytesMax) throw new ScriptSourceTooLargeError(bytes, sourceBytesMax)
  const options = { globals: GIVEN_NAMES, limits: { functionsMax } }
  try {
    check(source, options)
  } catch (error) {
    if (!(error instanceof RhaiError)) throw error
    const { kind, text, line, column } = error
    const diagnostics = diagnose(source, options).slice(0, DIAGNOSTICS_MAX)
    const fault = { kind, text, message: String(error), line, column, diagnostics }
    throw new ScriptCompileError(fault, error)
  }
}
