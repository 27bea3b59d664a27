/**
 * Makes every error of the API one problem document (RFC 9457), those of the HTTP framework too.
 *
 * What nobody expected is logged with its cause under the request id, and the client gets the id.
 *
 * @module
 */
import {
  asPicloudError,
  type Logger,
  PicloudError,
  PROBLEM_CONTENT_TYPE,
  problemOf,
} from '@picloud/shared'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AttemptsLimitedError } from '../errors/access.ts'
import {
  BodyMalformedError,
  BodyTooLargeError,
  EndpointUnknownError,
  MediaTypeUnsupportedError,
  MethodNotAllowedError,
  RequestRefusedError,
  UrlMalformedError,
  UrlTooLongError,
} from '../errors/requests.ts'
import { fieldsOf } from './request-log.ts'
import { pathOf } from './request-path.ts'

/** Ids and slugs fit easily; what is longer is nobody's name. */
export const PATH_PARAM_LENGTH_MAX = 256
/** How long a client should wait for a manager that stops or is full. */
const RETRY_AFTER_SECONDS = 1

export interface ProblemContext {
  readonly logger: Logger
  /** Methods some endpoint offers at a path; empty when there is none. */
  readonly methodsAt: (path: string) => readonly string[]
}

export function answerProblems(server: FastifyInstance, context: ProblemContext): void {
  server.setErrorHandler((error, request, reply) =>
    sendProblem(error, request, reply, context.logger),
  )
  server.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url)
    const methods = context.methodsAt(path)
    if (methods.length === 0) throw new EndpointUnknownError(request.method, path)
    const allow = methods.join(', ')
    if (request.method === 'OPTIONS') return reply.code(204).header('allow', allow).send()
    // A method that is offered here failed on what stands for a parameter: that names nothing.
    if (methods.includes(request.method)) throw new EndpointUnknownError(request.method, path)
    throw new MethodNotAllowedError(request.method, allow)
  })
}

/** Also given to the framework for what fails before a route is found. */
export function sendProblem(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): FastifyReply {
  const error = picloudErrorOf(thrown, request)
  const problem = problemOf(error, request.id)
  if (error.status >= 500) {
    const path = pathOf(request.url)
    const fields = { ...fieldsOf(request), method: request.method, path, code: error.code }
    logger.error({ ...fields, err: error.cause ?? error }, error.message)
  }
  setCommonHeaders(request, reply)
  for (const [name, value] of Object.entries(headersOf(error))) reply.header(name, value)
  // Bytes: to a string the framework adds a charset, which JSON has none of (RFC 8259 section 11).
  return reply
    .code(error.status)
    .header('cache-control', 'no-store')
    .header('content-type', PROBLEM_CONTENT_TYPE)
    .send(Buffer.from(JSON.stringify(problem)))
}

/** What every answer carries, those made before any hook ran too. */
export function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id)
  reply.header('x-content-type-options', 'nosniff')
}

function headersOf(error: PicloudError): Readonly<Record<string, string>> {
  if (error.status === 401) {
    return { 'www-authenticate': 'Bearer realm="picloud"' }
  }
  if (error instanceof AttemptsLimitedError) {
    return { 'retry-after': String(error.retryAfterSeconds) }
  }
  if (error instanceof MethodNotAllowedError) return { allow: error.allow }
  return error.status === 503 ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {}
}

/** What the framework itself refuses carries a code of its own and a status. */
function picloudErrorOf(error: unknown, request: FastifyRequest): PicloudError {
  if (error instanceof PicloudError || !(error instanceof Error)) return asPicloudError(error)
  const code = 'code' in error ? error.code : undefined
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new BodyTooLargeError(request.routeOptions.bodyLimit ?? 0)
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new MediaTypeUnsupportedError()
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new BodyMalformedError('The body is not as long as Content-Length says.', error)
    case 'FST_ERR_BAD_URL':
      return new UrlMalformedError()
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new UrlTooLongError(PATH_PARAM_LENGTH_MAX)
  }
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new RequestRefusedError(status, error)
  }
  return asPicloudError(error)
}
