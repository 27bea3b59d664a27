/**
 * A streamed answer taken to its end, for callers that want one whole.
 *
 * @module
 */
import type { ExecutionOutcome, StreamedAnswer } from './execution.ts'

/** What a script failed by on the way counts, whatever it sent before. */
export async function wholeAnswer(
  result: ExecutionOutcome | StreamedAnswer,
): Promise<ExecutionOutcome> {
  if (result.kind !== 'stream') return result
  const pieces: Uint8Array[] = []
  for (let piece = await result.next(); piece !== null; piece = await result.next()) {
    pieces.push(piece)
  }
  const outcome = await result.outcome
  if (outcome.kind === 'failure') return outcome
  const response = { ...result.head, body: joined(pieces) }
  return { ...outcome, kind: 'answer', response }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((bytes, piece) => bytes + piece.byteLength, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.byteLength
  }
  return whole
}
