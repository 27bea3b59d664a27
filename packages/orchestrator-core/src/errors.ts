/**
 * Everything routing and ingress refuse on purpose, with the status and the words the client gets.
 *
 * `PIC_ROUTE_*`: the request is sound, but nothing here answers it. `PIC_INGRESS_*`: the request
 * itself cannot be taken, or not now.
 *
 * @module
 */
import { type ErrorAudience, type LimitName, PicloudError, raisedByOperator } from '@picloud/shared'

/** An error that brings response headers along, in lower case. */
export class IngressError<Code extends string = string> extends PicloudError<Code> {
  readonly headers: Readonly<Record<string, string>>

  constructor(init: {
    readonly code: Code
    readonly status: number
    readonly message: string
    readonly audience?: ErrorAudience
    readonly details?: Readonly<Record<string, unknown>>
    readonly headers?: Readonly<Record<string, string>>
    readonly cause?: unknown
  }) {
    super({ audience: 'user', ...init })
    this.headers = init.headers ?? {}
  }
}

const RETRY_SOON = { 'retry-after': '1' }
/** What is left of the request cannot be told from the next one, or will not be waited for. */
const CLOSING = { connection: 'close' }

/** Message and members of an error that is about a limit. */
function ofLimit(
  what: string,
  limit: { readonly name: LimitName; readonly value: number },
  raise: string,
) {
  const message = `${what}: the limit ${limit.name} is ${limit.value}. ${raise}`
  return { message, details: { limit, raise } }
}

/** Of one that only the operator sets. */
function ofNodeLimit(what: string, name: LimitName, value: number) {
  return ofLimit(what, { name, value }, raisedByOperator(name))
}

export class HostUnknownError extends IngressError<'PIC_ROUTE_HOST_UNKNOWN'> {
  constructor(host: string) {
    super({
      code: 'PIC_ROUTE_HOST_UNKNOWN',
      status: 404,
      message:
        `No app claims the host ${host}. Claim it for one with ` +
        `\`picloud domains claim ${host} --app <app>\`.`,
      details: { host },
    })
  }
}

export class AdminHostError extends IngressError<'PIC_ROUTE_ADMIN_HOST'> {
  constructor(host: string) {
    super({
      code: 'PIC_ROUTE_ADMIN_HOST',
      status: 404,
      message: `${host} is the host PiCloud answers for itself (PICLOUD_ADMIN_HOST): no app does.`,
      details: { host },
    })
  }
}

export class PathUnknownError extends IngressError<'PIC_ROUTE_PATH_UNKNOWN'> {
  constructor(app: string, path: string) {
    super({
      code: 'PIC_ROUTE_PATH_UNKNOWN',
      status: 404,
      message: `The app ${app} has no route for the path ${path}.`,
    })
  }
}

export class MethodNotAllowedError extends IngressError<'PIC_ROUTE_METHOD_NOT_ALLOWED'> {
  constructor(method: string, allow: readonly string[]) {
    super({
      code: 'PIC_ROUTE_METHOD_NOT_ALLOWED',
      status: 405,
      message: `This path does not answer ${method}. It answers ${allow.join(', ')}.`,
      headers: { allow: allow.join(', ') },
    })
  }
}

export class ScriptUnknownError extends IngressError<'PIC_ROUTE_SCRIPT_UNKNOWN'> {
  constructor(script: string) {
    super({
      code: 'PIC_ROUTE_SCRIPT_UNKNOWN',
      status: 404,
      message: `There is no script with the id ${script}. \`picloud scripts list\` shows the ids.`,
    })
  }
}

export class RoutingNotLoadedError extends IngressError<'PIC_ROUTE_NOT_LOADED'> {
  constructor() {
    super({
      code: 'PIC_ROUTE_NOT_LOADED',
      status: 503,
      message: 'This node has just started and does not know the routes yet. Try again.',
      headers: RETRY_SOON,
    })
  }
}

export class HostInvalidError extends IngressError<'PIC_INGRESS_HOST_INVALID'> {
  constructor(problem: string) {
    super({ code: 'PIC_INGRESS_HOST_INVALID', status: 400, message: problem })
  }
}

export class TargetInvalidError extends IngressError<'PIC_INGRESS_TARGET_INVALID'> {
  constructor(problem: string) {
    super({ code: 'PIC_INGRESS_TARGET_INVALID', status: 400, message: problem })
  }
}

export class UrlTooLongError extends IngressError<'PIC_INGRESS_URL_TOO_LONG'> {
  constructor(limit: number) {
    super({
      code: 'PIC_INGRESS_URL_TOO_LONG',
      status: 414,
      ...ofNodeLimit('The URL is too long', 'urlBytesMax', limit),
    })
  }
}

/** The URL counts too: what the headers may have is what they have beside the longest one. */
export class HeadersTooLargeError extends IngressError<'PIC_INGRESS_HEADERS_TOO_LARGE'> {
  constructor(limit: number) {
    super({
      code: 'PIC_INGRESS_HEADERS_TOO_LARGE',
      status: 431,
      ...ofNodeLimit('The request headers are too large', 'headerBytesMax', limit),
    })
  }
}

export class HeadersTooManyError extends IngressError<'PIC_INGRESS_HEADERS_TOO_MANY'> {
  constructor(limit: number) {
    super({
      code: 'PIC_INGRESS_HEADERS_TOO_MANY',
      status: 431,
      message: `The request has more than ${limit} header fields.`,
    })
  }
}

export class RequestMalformedError extends IngressError<'PIC_INGRESS_REQUEST_MALFORMED'> {
  constructor() {
    super({
      code: 'PIC_INGRESS_REQUEST_MALFORMED',
      status: 400,
      message: 'What was received is not an HTTP/1.1 request.',
    })
  }
}

export class RequestTimeoutError extends IngressError<'PIC_INGRESS_REQUEST_TIMEOUT'> {
  constructor() {
    super({
      code: 'PIC_INGRESS_REQUEST_TIMEOUT',
      status: 408,
      message: 'The request did not arrive in time.',
      headers: CLOSING,
    })
  }
}

/** @param raise how the limit is raised */
export class BodyTooLargeError extends IngressError<'PIC_INGRESS_BODY_TOO_LARGE'> {
  constructor(limit: number, raise: string) {
    super({
      code: 'PIC_INGRESS_BODY_TOO_LARGE',
      status: 413,
      ...ofLimit('The body is too large', { name: 'bodyBytesMax', value: limit }, raise),
      headers: CLOSING,
    })
  }
}

/** The body did not arrive by the deadline. @param raise how that is raised */
export class BodyTimeoutError extends IngressError<'PIC_INGRESS_REQUEST_TIMEOUT'> {
  constructor(deadlineMs: number, raise: string) {
    const limit = { name: 'deadlineMs', value: deadlineMs } as const
    super({
      code: 'PIC_INGRESS_REQUEST_TIMEOUT',
      status: 408,
      ...ofLimit('The request did not arrive in time', limit, raise),
      headers: CLOSING,
    })
  }
}

export class ExpectationError extends IngressError<'PIC_INGRESS_EXPECTATION'> {
  constructor() {
    super({
      code: 'PIC_INGRESS_EXPECTATION',
      status: 417,
      message: 'The only expectation met here is 100-continue.',
      headers: CLOSING,
    })
  }
}

export class TransferCodingError extends IngressError<'PIC_INGRESS_TRANSFER_CODING'> {
  constructor() {
    super({
      code: 'PIC_INGRESS_TRANSFER_CODING',
      status: 501,
      message: 'The only transfer coding understood here is chunked.',
      headers: CLOSING,
    })
  }
}

/** What a script would see is not what its content type says. */
export class ContentEncodingError extends IngressError<'PIC_INGRESS_CONTENT_ENCODING'> {
  constructor() {
    super({
      code: 'PIC_INGRESS_CONTENT_ENCODING',
      status: 415,
      message: 'Send the content as it is: no Content-Encoding is undone here.',
      headers: { 'accept-encoding': 'identity' },
    })
  }
}

export class UpgradeError extends IngressError<'PIC_INGRESS_UPGRADE'> {
  constructor() {
    super({
      code: 'PIC_INGRESS_UPGRADE',
      status: 501,
      message: 'Apps do not speak WebSocket. Ask for plain HTTP.',
    })
  }
}

export class MethodUnknownError extends IngressError<'PIC_INGRESS_METHOD_UNKNOWN'> {
  constructor() {
    super({
      code: 'PIC_INGRESS_METHOD_UNKNOWN',
      status: 501,
      message: 'The request has a method that is not understood here.',
    })
  }
}

export class VersionError extends IngressError<'PIC_INGRESS_VERSION'> {
  constructor() {
    super({
      code: 'PIC_INGRESS_VERSION',
      status: 505,
      message: 'The only versions of HTTP spoken here are 1.1 and 1.0.',
      headers: CLOSING,
    })
  }
}

export class OverloadedError extends IngressError<'PIC_INGRESS_OVERLOADED'> {
  /** @param limit `queueRequestsMax` */
  constructor(limit: number, retryAfterSeconds = 1) {
    const what = 'Too many requests are under way on this node; try again shortly'
    super({
      code: 'PIC_INGRESS_OVERLOADED',
      status: 503,
      ...ofNodeLimit(what, 'queueRequestsMax', limit),
      headers: { 'retry-after': String(retryAfterSeconds) },
    })
  }
}

/** There is no room for the content of one more request. */
export class ContentOverloadedError extends IngressError<'PIC_INGRESS_CONTENT_OVERLOADED'> {
  /** @param limit `contentBytesMax` */
  constructor(limit: number) {
    const what = 'Too much content of requests is in memory on this node; try again shortly'
    super({
      code: 'PIC_INGRESS_CONTENT_OVERLOADED',
      status: 503,
      ...ofNodeLimit(what, 'contentBytesMax', limit),
      headers: { ...CLOSING, 'retry-after': '1' },
    })
  }
}

export class AppOverloadedError extends IngressError<'PIC_INGRESS_APP_OVERLOADED'> {
  /** @param limit `queueAppRequestsMax` */
  constructor(app: string, limit: number, retryAfterSeconds = 1) {
    const what = `Too many requests for the app ${app} are under way; try again shortly`
    super({
      code: 'PIC_INGRESS_APP_OVERLOADED',
      status: 503,
      ...ofNodeLimit(what, 'queueAppRequestsMax', limit),
      headers: { 'retry-after': String(retryAfterSeconds) },
    })
  }
}

export class ExecutorUnavailableError extends IngressError<'PIC_INGRESS_EXECUTOR_UNAVAILABLE'> {
  constructor(cause: unknown) {
    super({
      code: 'PIC_INGRESS_EXECUTOR_UNAVAILABLE',
      audience: 'system',
      status: 503,
      message: `The executor did not take the request: ${String(cause)}`,
      headers: RETRY_SOON,
      cause,
    })
  }
}

export class AnswerInvalidError extends IngressError<'PIC_INGRESS_ANSWER_INVALID'> {
  constructor(cause: unknown) {
    super({
      code: 'PIC_INGRESS_ANSWER_INVALID',
      audience: 'system',
      status: 500,
      message: `The script's answer cannot be sent: ${String(cause)}`,
      cause,
    })
  }
}

export class UnauthenticatedError extends IngressError<'PIC_INGRESS_UNAUTHENTICATED'> {
  constructor() {
    super({
      code: 'PIC_INGRESS_UNAUTHENTICATED',
      status: 401,
      message: 'Send an access token as `Authorization: Bearer pic_...`.',
      headers: { 'www-authenticate': 'Bearer' },
    })
  }
}

export class ScopeMissingError extends IngressError<'PIC_INGRESS_SCOPE_MISSING'> {
  constructor(scope: string) {
    super({
      code: 'PIC_INGRESS_SCOPE_MISSING',
      status: 403,
      message: `The token may not do this: it needs the scope "${scope}" or "admin".`,
      details: { scope },
    })
  }
}

export class AdminElsewhereError extends IngressError<'PIC_INGRESS_ADMIN_ELSEWHERE'> {
  constructor() {
    super({
      code: 'PIC_INGRESS_ADMIN_ELSEWHERE',
      status: 421,
      message: 'This node runs scripts only; the API and the dashboard are on the manager.',
    })
  }
}

export class IdempotencyKeyMissingError extends IngressError<'PIC_IDEMPOTENCY_KEY_MISSING'> {
  constructor(header: string) {
    super({
      code: 'PIC_IDEMPOTENCY_KEY_MISSING',
      status: 400,
      message:
        `Send the header ${header} with a value of your own making, the same whenever you send ` +
        'this request again.',
    })
  }
}

export class IdempotencyKeyInvalidError extends IngressError<'PIC_IDEMPOTENCY_KEY_INVALID'> {
  constructor(header: string) {
    super({
      code: 'PIC_IDEMPOTENCY_KEY_INVALID',
      status: 400,
      message: `${header} must be 1 to 255 visible ASCII characters without spaces, given once.`,
    })
  }
}

export class IdempotencyInFlightError extends IngressError<'PIC_IDEMPOTENCY_IN_FLIGHT'> {
  constructor() {
    super({
      code: 'PIC_IDEMPOTENCY_IN_FLIGHT',
      status: 409,
      message: 'The first request with this key is under way. Send it again shortly.',
      headers: RETRY_SOON,
    })
  }
}

export class IdempotencyMismatchError extends IngressError<'PIC_IDEMPOTENCY_MISMATCH'> {
  constructor() {
    super({
      code: 'PIC_IDEMPOTENCY_MISMATCH',
      status: 422,
      message:
        'This key was sent with another request: another method, host, path, query, body, ' +
        'Content-Type or Authorization. Take a new key for a new request.',
    })
  }
}

export class IdempotencyAnswerNotKeptError extends IngressError<'PIC_IDEMPOTENCY_ANSWER_NOT_KEPT'> {
  constructor() {
    super({
      code: 'PIC_IDEMPOTENCY_ANSWER_NOT_KEPT',
      status: 409,
      message:
        'The first request with this key was carried out. Its answer was streamed or too long to ' +
        'be kept, so it cannot be sent again.',
    })
  }
}

export class IdempotencyFullError extends IngressError<'PIC_IDEMPOTENCY_FULL'> {
  /** @param limit `idempotencyBytesMax` */
  constructor(limit: number) {
    const what = 'The app has no room for the answer of one more request with a key'
    super({
      code: 'PIC_IDEMPOTENCY_FULL',
      status: 503,
      ...ofNodeLimit(what, 'idempotencyBytesMax', limit),
      headers: { 'retry-after': '60' },
    })
  }
}

export class IdempotencyUnavailableError extends IngressError<'PIC_IDEMPOTENCY_UNAVAILABLE'> {
  constructor(cause: unknown) {
    super({
      code: 'PIC_IDEMPOTENCY_UNAVAILABLE',
      status: 503,
      message: 'Whether this request was carried out before cannot be told now. Send it again.',
      headers: RETRY_SOON,
      cause,
    })
  }
}
