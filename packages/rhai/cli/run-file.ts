/**
 * Runs one script for a person at a terminal.
 *
 * @module
 */

import { canonicalText, compile, RhaiError, render } from '@picloud/rhai'
import { readText } from './files.ts'

/** The exit code: 0 when the script ended well, 1 when it did not. */
export function runFile(path: string): number {
  const source = readText(path)
  try {
    const { value } = compile(source)
      .instantiate()
      .run({
        print: (text) => console.log(text),
        debug: (text, line, column) => console.log(`${line}:${column} | ${text}`),
      })
    console.log(canonicalText(value))
    return 0
  } catch (error) {
    if (!(error instanceof RhaiError)) throw error
    console.error(render(error, source))
    return 1
  }
}
