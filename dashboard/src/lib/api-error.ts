/**
 * A call of the API that failed, in the server's own words where it has any (RFC 9457).
 *
 * @module
 */
import type { Failure } from '@picloud/api-client'

/** What is wrong with one field of what was sent. */
export interface FieldProblem {
  /** JSON pointer into the body or the query, such as `/slug`. */
  readonly pointer: string
  readonly message: string
}

export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly fields: readonly FieldProblem[]
  /** Members of the problem document beyond the common ones. */
  readonly extensions: Readonly<Record<string, unknown>>

  constructor(options: {
    readonly status: number
    readonly code: string
    readonly message: string
    readonly fields?: readonly FieldProblem[]
    readonly extensions?: Readonly<Record<string, unknown>>
  }) {
    super(options.message)
    this.status = options.status
    this.code = options.code
    this.fields = options.fields ?? []
    this.extensions = options.extensions ?? {}
  }

  /** What is wrong with the field, if that is what was refused. */
  fieldMessage(pointer: string): string | undefined {
    return this.fields.find((field) => field.pointer === pointer)?.message
  }
}

export function apiErrorOf(failure: Failure): ApiError {
  switch (failure.kind) {
    case 'problem': {
      const { status, code, detail, errors = [], ...extensions } = failure.problem
      return new ApiError({ status, code, message: detail, fields: errors, extensions })
    }
    case 'form':
      return new ApiError({
        status: 200,
        code: 'PIC_UNKNOWN',
        message: 'The server has another version: reload this page.',
      })
    case 'foreign':
      return new ApiError({
        status: failure.status,
        code: 'PIC_UNKNOWN',
        message: `The server answered ${failure.status}, and not in PiCloud's way.`,
      })
  }
}

/** An error in words for the one who looks at the page. */
export function messageOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return 'The server did not answer in time.'
  }
  if (error instanceof TypeError) return 'The server cannot be reached.'
  return error instanceof Error ? error.message : String(error)
}
