/**
 * Shows what is wrong with the text of an editor, a moment after the last key.
 *
 * @module
 */
import { linter, lintKeymap, type Diagnostic as Shown } from '@codemirror/lint'
import type { Extension } from '@codemirror/state'
import { keymap } from '@codemirror/view'
import type { Diagnostic } from '@picloud/rhai'
import type { CheckContext } from './check-protocol.ts'
import { SourceChecker } from './source-checker.ts'

/** How long nobody typed. */
const PAUSE_MS = 350

/** @param context asked each time: what is known may change. */
export function sourceLint(checker: SourceChecker, context: () => CheckContext): Extension {
  const lint = linter(
    async ({ state }) => {
      const found = await checker.check(state.doc.toString(), context())
      return (found ?? []).map((each) => shown(each, state.doc.length))
    },
    { delay: PAUSE_MS },
  )
  return [lint, keymap.of(lintKeymap)]
}

export function startChecker(): SourceChecker {
  return new SourceChecker(
    () => new Worker(new URL('./check-worker.ts', import.meta.url), { type: 'module' }),
  )
}

function shown({ severity, message, range }: Diagnostic, length: number): Shown {
  const from = Math.min(range.start.offset, length)
  return { from, to: Math.min(Math.max(from, range.end.offset), length), severity, message }
}
