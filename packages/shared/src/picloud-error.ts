/**
 * The base of every operating error PiCloud raises on purpose.
 *
 * An error has a stable `code` that programs branch on, a `status` that HTTP uses, and an
 * `audience`: a message for `user` may be shown to the caller; one for `system` may not, the caller
 * sees the code and the log holds the rest. Programmer errors are assertions, never this class.
 *
 * @module
 */

export type ErrorAudience = 'user' | 'system'

/** One invalid member of a request, as RFC 9457 extension member `errors`. */
export interface FieldError {
  /** JSON Pointer (RFC 6901) of the member, `''` for the whole. */
  readonly pointer: string
  readonly message: string
}

export interface PicloudErrorInit<Code extends string> {
  readonly code: Code
  readonly audience: ErrorAudience
  readonly status: number
  readonly message: string
  readonly errors?: readonly FieldError[] | undefined
  /** Further members for the problem document; safe for the caller to see. */
  readonly details?: Readonly<Record<string, unknown>> | undefined
  readonly cause?: unknown
}

export class PicloudError<Code extends string = string> extends Error {
  readonly code: Code
  readonly audience: ErrorAudience
  readonly status: number
  readonly errors: readonly FieldError[]
  readonly details: Readonly<Record<string, unknown>>

  constructor(init: PicloudErrorInit<Code>) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause })
    this.name = new.target.name
    this.code = init.code
    this.audience = init.audience
    this.status = init.status
    this.errors = init.errors ?? []
    this.details = init.details ?? {}
  }
}
