/**
 * The worker that checks scripts, so that typing never waits for it. The only place of the
 * dashboard that loads the compiler.
 *
 * @module
 */
import type { CheckAnswer, CheckRequest } from './check-protocol.ts'
import { checkSource } from './check-source.ts'

addEventListener('message', ({ data }: MessageEvent<CheckRequest>) => {
  const { id, source, context } = data
  postMessage({ id, diagnostics: checkSource(source, context) } satisfies CheckAnswer)
})
