/**
 * Runs one script for a person at a terminal.
 *
 * @module
 */

import { canonicalText, compile, RhaiError, render } from '@picloud/rhai'
import { FileModules } from './file-modules.ts'
import { readText } from './files.ts'

/** The exit code: 0 when the script ended well, 1 when it did not. */
export function runFile(path: string): number {
  const source = readText(path)
  const modules = new FileModules(path)
  try {
    const { value } = compile(source)
      .instantiate()
      .run({
        modules,
        print: (text) => console.log(text),
        debug: (text, line, column) => console.log(`${line}:${column} | ${text}`),
      })
    console.log(canonicalText(value))
    return 0
  } catch (error) {
    if (!(error instanceof RhaiError)) throw error
    console.error(render(error, source, modules))
    return 1
  }
}
