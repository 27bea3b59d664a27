/**
 * What of an execution is kept for requests that are sent again, and made an outcome of once more.
 *
 * Answers are, and errors of scripts: a script that fails may have done half of its work, and would
 * do it twice. What PiCloud itself could not do is not: then the next attempt may run.
 *
 * @module
 */
import type { ExecutionFailure, ExecutionOutcome, ResponseHead } from '@picloud/shared'
import type { KeptAnswer } from '@picloud/storage'

type Stored =
  | { readonly kind: 'answer'; readonly head: ResponseHead }
  | { readonly kind: 'failure'; readonly failure: ExecutionFailure }

/** What a row takes besides its answer. */
export const ROW_BYTES = 512

/** Null: nothing was carried out, as far as anybody can tell. */
export function keptOf(
  outcome: ExecutionOutcome,
): (KeptAnswer & { readonly bytes: number }) | null {
  if (outcome.kind === 'answer') {
    const { status, headers, body } = outcome.response
    return sized({ kind: 'answer', head: { status, headers } }, body)
  }
  const { failure } = outcome
  if (!failure.code.startsWith('PIC_SCRIPT_')) return null
  return sized({ kind: 'failure', failure }, null)
}

export function outcomeOf({ answer, body }: KeptAnswer): ExecutionOutcome {
  // Only what `keptOf` made was stored.
  const stored = answer as Stored
  const measures = { operations: 0, durationMs: 0, logs: [], logsDropped: 0 }
  if (stored.kind === 'failure') return { ...stored, ...measures }
  const response = { ...stored.head, body: body ?? new Uint8Array(0) }
  return { kind: 'answer', response, ...measures }
}

function sized(answer: Stored, body: Uint8Array | null) {
  const bytes = Buffer.byteLength(JSON.stringify(answer)) + (body?.length ?? 0) + ROW_BYTES
  return { answer, body, bytes }
}
