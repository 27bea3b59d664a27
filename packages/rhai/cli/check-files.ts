/**
 * Shows what is wrong with scripts, in the form that editors and terminals can jump to.
 *
 * @module
 */
import { diagnose, render } from '@picloud/rhai'
import { readText } from './files.ts'

/** The exit code: 1 if some script does not compile. */
export function checkFiles(paths: readonly string[]): number {
  let hasErrors = false
  for (const path of paths) {
    const source = readText(path)
    for (const diagnostic of diagnose(source)) {
      const { severity, range } = diagnostic
      const { line, column } = range.start
      console.log(`${path}:${line}:${column}: ${severity}: ${render(diagnostic, source)}`)
      hasErrors ||= severity === 'error'
    }
  }
  return hasErrors ? 1 : 0
}
