/**
 * Answers a request that reaches no script, or whose script gave no answer, with a problem document.
 *
 * @module
 */
import {
  asPicloudError,
  type ExecutionFailure,
  type Logger,
  NO_STATUS,
  PicloudError,
  type Problem,
  problemOf,
} from '@picloud/shared'
import { IngressError } from '../errors.ts'
import { problemFields, SERVER_TIMING_HEADER } from './answer.ts'
import { hasBody } from './body-reader.ts'
import type { Exchange } from './exchange.ts'
import type { AdvisedFailure } from './limit-advice.ts'
import { endAndLinger } from './linger.ts'
import { type AnswerNotes, noteAnswer } from './note-answer.ts'

const RETRY_SOON = { 'retry-after': '1' }
const NO_HEADERS = {}

export interface RefusalOptions extends AnswerNotes {
  readonly bodyBytesMax: number
  readonly logger: Logger
}

/** @returns the status the client got */
export function refuse(exchange: Exchange, cause: unknown, options: RefusalOptions): number {
  const error = asPicloudError(cause)
  if (error.audience === 'system') {
    const fields = { ...exchange.logFields, code: error.code, err: error }
    options.logger.error(fields, 'A request could not be answered.')
  }
  sendProblem(exchange, problemOf(error, exchange.id), headersOf(error), options)
  return error.status
}

/**
 * @param options.showErrorDetail whether the app lets callers see what its scripts did wrong
 * @param options.timing the field Server-Timing; null: none
 * @returns the status the client got
 */
export function answerFailure(
  exchange: Exchange,
  failure: AdvisedFailure,
  options: RefusalOptions & {
    readonly showErrorDetail: boolean
    readonly timing: string | null
    readonly headers?: Readonly<Record<string, string>>
  },
): number {
  const problem = failureProblem(failure, exchange.id, options.showErrorDetail)
  const { timing, headers = NO_HEADERS } = options
  sendProblem(
    exchange,
    problem,
    {
      ...(problem.status === 503 ? RETRY_SOON : NO_HEADERS),
      ...(timing === null ? NO_HEADERS : { [SERVER_TIMING_HEADER]: timing }),
      ...headers,
    },
    options,
  )
  return problem.status
}

/** What a client is told of a script that gave no answer. */
export function failureProblem(
  failure: AdvisedFailure,
  id: string,
  showErrorDetail: boolean,
): Problem {
  const isStatus = Number.isInteger(failure.status) && failure.status >= 400
  const status = isStatus && failure.status <= 599 ? failure.status : 500
  const detailed = showErrorDetail && isOfScript(failure)
  return problemOf(
    new PicloudError({
      code: failure.code,
      audience: failure.exposed || detailed ? 'user' : 'system',
      status,
      message: failure.message,
      details: {
        ...(failure.limit === undefined ? {} : { limit: failure.limit }),
        ...(failure.raise === undefined ? {} : { raise: failure.raise }),
        ...(detailed ? positionOf(failure) : {}),
      },
    }),
    id,
  )
}

/** What PiCloud itself did wrong is no app's to show. */
function isOfScript(failure: ExecutionFailure): boolean {
  return failure.code.startsWith('PIC_SCRIPT_')
}

function positionOf({ kind, line, column }: ExecutionFailure): Readonly<Record<string, unknown>> {
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  }
}

/** Errors of other parts come by way of the hooks; what their status needs is added here. */
function headersOf(error: PicloudError): Readonly<Record<string, string>> {
  if (error instanceof IngressError) return error.headers
  if (error.status === 401) return { 'www-authenticate': 'Bearer' }
  if (error.status !== 429 && error.status !== 503) return NO_HEADERS
  const seconds: unknown = Reflect.get(error, 'retryAfterSeconds')
  return { 'retry-after': typeof seconds === 'number' ? String(seconds) : '1' }
}

function sendProblem(
  exchange: Exchange,
  problem: Problem,
  headers: Readonly<Record<string, string>>,
  options: RefusalOptions,
): void {
  const { request, response, method } = exchange
  // What has been answered already was noted then.
  if (response.headersSent) return
  noteAnswer(exchange, response.destroyed ? NO_STATUS : problem.status, options)
  if (response.destroyed) return
  const isLeft = leavesContent(exchange, headers, options.bodyBytesMax)
  const body = JSON.stringify(problem)
  const fields = problemFields(
    problem,
    body,
    isLeft ? { ...headers, connection: 'close' } : headers,
  )
  // A page may read why it got nothing.
  exchange.cors?.addTo(fields, exchange.head.headers)
  response.writeHead(problem.status, fields)
  if (isLeft) endAndLinger(request, response, method === 'HEAD' ? '' : body)
  else response.end(method === 'HEAD' ? undefined : body)
}

/**
 * Whether content is still to come that nobody will read. A short rest of known length is left to
 * Node, which reads past it and keeps the connection.
 */
function leavesContent(
  { request, head, expectsContinue }: Exchange,
  headers: Readonly<Record<string, string>>,
  bodyBytesMax: number,
): boolean {
  if (!hasBody(head.headers) || request.complete) return false
  if (headers.connection === 'close' || expectsContinue) return true
  const length = head.headers['content-length']
  return length === undefined || Number(length) > bodyBytesMax
}
