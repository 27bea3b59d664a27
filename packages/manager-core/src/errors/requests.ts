/**
 * Errors of a request as such, before any resource is looked at.
 *
 * @module
 */
import type { FieldError } from '@picloud/shared'
import { UserError } from './user-error.ts'

export class RequestInvalidError extends UserError<'PIC_REQUEST_INVALID'> {
  constructor(errors: readonly FieldError[]) {
    super({
      code: 'PIC_REQUEST_INVALID',
      status: 422,
      message: `The request body is not valid: ${summaryOf(errors)}`,
      errors,
    })
  }
}

export class QueryInvalidError extends UserError<'PIC_QUERY_INVALID'> {
  constructor(errors: readonly FieldError[]) {
    super({
      code: 'PIC_QUERY_INVALID',
      status: 400,
      message: `The query string is not valid: ${summaryOf(errors)}`,
      errors,
    })
  }
}

export class BodyMalformedError extends UserError<'PIC_BODY_MALFORMED'> {
  constructor(message: string, cause?: unknown) {
    super({ code: 'PIC_BODY_MALFORMED', status: 400, message, cause })
  }
}

export class BodyTooLargeError extends UserError<'PIC_BODY_TOO_LARGE'> {
  constructor(bytesMax: number) {
    super({
      code: 'PIC_BODY_TOO_LARGE',
      status: 413,
      message: `The request body is over the limit of ${bytesMax} bytes.`,
      details: { limit: { value: bytesMax, unit: 'bytes' } },
    })
  }
}

export class MediaTypeUnsupportedError extends UserError<'PIC_MEDIA_TYPE_UNSUPPORTED'> {
  constructor() {
    super({
      code: 'PIC_MEDIA_TYPE_UNSUPPORTED',
      status: 415,
      message: 'The body must be sent as application/json.',
    })
  }
}

export class UrlMalformedError extends UserError<'PIC_URL_MALFORMED'> {
  constructor() {
    super({
      code: 'PIC_URL_MALFORMED',
      status: 400,
      message: 'The path has a malformed percent escape.',
    })
  }
}

export class UrlTooLongError extends UserError<'PIC_URL_TOO_LONG'> {
  constructor(lengthMax: number) {
    super({
      code: 'PIC_URL_TOO_LONG',
      status: 414,
      message: `A part of the path is longer than ${lengthMax} characters.`,
    })
  }
}

export class RevisionStaleError extends UserError<'PIC_REVISION_STALE'> {
  constructor(revision: number) {
    super({
      code: 'PIC_REVISION_STALE',
      status: 412,
      message:
        `This was changed since you read it: it is at revision ${revision}. ` +
        'Read it again, then repeat your change with its new ETag.',
      details: { revision },
    })
  }
}

/** What the HTTP framework refuses and no other code names. */
export class RequestRefusedError extends UserError<'PIC_REQUEST_REFUSED'> {
  constructor(status: number, cause: unknown) {
    const message = 'The request is not valid HTTP for this address.'
    super({ code: 'PIC_REQUEST_REFUSED', status, message, cause })
  }
}

export class EndpointUnknownError extends UserError<'PIC_ENDPOINT_UNKNOWN'> {
  constructor(method: string, path: string) {
    super({
      code: 'PIC_ENDPOINT_UNKNOWN',
      status: 404,
      message: `There is nothing at ${method} ${path}. See /api/v1/openapi.json.`,
    })
  }
}

export class MethodNotAllowedError extends UserError<'PIC_METHOD_NOT_ALLOWED'> {
  readonly allow: string

  constructor(method: string, allow: string) {
    super({
      code: 'PIC_METHOD_NOT_ALLOWED',
      status: 405,
      message: `${method} is not offered here. Allowed: ${allow}.`,
    })
    this.allow = allow
  }
}

export class ManagerStoppingError extends UserError<'PIC_MANAGER_STOPPING'> {
  constructor() {
    const message = 'PiCloud is stopping. Try again in a moment.'
    super({ code: 'PIC_MANAGER_STOPPING', status: 503, message })
  }
}

function summaryOf(errors: readonly FieldError[]): string {
  const first = errors[0]
  if (first === undefined) return 'it does not have the documented shape.'
  const place = first.pointer === '' ? '' : `${first.pointer}: `
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  return `${place}${first.message}${more}`
}
