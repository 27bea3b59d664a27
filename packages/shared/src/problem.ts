/**
 * The one shape of every HTTP error PiCloud answers (RFC 9457, `application/problem+json`).
 *
 * @module
 */
import { type FieldError, PicloudError } from './picloud-error.ts'

export const PROBLEM_CONTENT_TYPE = 'application/problem+json'

export interface Problem {
  /** RFC 9457 `type`: a stable URI reference made from the code. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly request_id: string
  readonly errors?: readonly FieldError[]
  readonly [extension: string]: unknown
}

/** Reason phrases (RFC 9110 section 15) of the statuses PiCloud itself answers. */
const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

export function titleOf(status: number): string {
  return TITLES[status] ?? (status >= 500 ? 'Server Error' : 'Error')
}

/** What the caller may see of an error. A `system` error shows its code only. */
export function problemOf(error: PicloudError, requestId: string): Problem {
  const shown = error.audience === 'user'
  return {
    type: `urn:picloud:error:${error.code}`,
    title: titleOf(error.status),
    status: error.status,
    detail: shown ? error.message : detailOf(error.code),
    code: error.code,
    request_id: requestId,
    ...(error.errors.length > 0 ? { errors: error.errors } : {}),
    ...(shown ? error.details : {}),
  }
}

/** Where the details are, for whoever may see them. */
function detailOf(code: string): string {
  return code.startsWith('PIC_SCRIPT_')
    ? 'The script failed. The record of its execution has the details, under the request id.'
    : 'PiCloud could not answer this request. Its log has the details, under the request id.'
}

/** Wraps what nobody expected. The log gets the cause; the caller gets the code. */
export class InternalError extends PicloudError<'PIC_INTERNAL'> {
  constructor(cause: unknown) {
    super({
      code: 'PIC_INTERNAL',
      audience: 'system',
      status: 500,
      message: cause instanceof Error ? cause.message : String(cause),
      cause,
    })
  }
}

export function asPicloudError(error: unknown): PicloudError {
  return error instanceof PicloudError ? error : new InternalError(error)
}
