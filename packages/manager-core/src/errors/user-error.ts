/**
 * The base of the control plane's errors: a client's mistake, whose message may be shown.
 *
 * Codes are stable and listed in `docs/reference/errors.md`, which a test holds equal. A message says
 * what happened, with the value, and then what to do; it never shows another app's data.
 *
 * @module
 */
import { type FieldError, PicloudError } from '@picloud/shared'

/** A client's mistake: its message may be shown. */
export interface UserErrorInit<Code extends string> {
  readonly code: Code
  readonly status: number
  readonly message: string
  readonly errors?: readonly FieldError[]
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

export class UserError<Code extends string> extends PicloudError<Code> {
  constructor(init: UserErrorInit<Code>) {
    super({ ...init, audience: 'user' })
  }
}

/** What a client sent is quoted back to it, never whole pages of it. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text)
}
