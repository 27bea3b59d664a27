/**
 * What is noted of every request that ingress itself answers: a count, and a line when the program
 * logs at the level debug.
 *
 * @module
 */
import { type Logger, NO_STATUS } from '@picloud/shared'
import type { Exchange } from './exchange.ts'
import type { IngressFigures } from './ingress-figures.ts'

export interface AnswerNotes {
  readonly figures: IngressFigures
  /** Null where requests are not logged, so that no line is made to be thrown away. */
  readonly requestLogger: Logger | null
}

/** @param status {@link NO_STATUS} when the client was gone */
export function noteAnswer(
  exchange: Exchange,
  status: number,
  { figures, requestLogger }: AnswerNotes,
): void {
  figures.answers.count(status)
  if (requestLogger === null) return
  const { request, method, arrivedAt, logFields } = exchange
  // Query strings may hold what a log should not repeat.
  const [path] = (request.url ?? '').split('?')
  requestLogger.debug(
    { ...logFields, method, path, status, duration_ms: Date.now() - arrivedAt },
    status === NO_STATUS ? 'A client left without an answer.' : 'A request was answered.',
  )
}
