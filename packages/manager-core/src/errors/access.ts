/**
 * Errors of who asks: tokens, attempts, the first set-up.
 *
 * @module
 */
import { quote, UserError } from './user-error.ts'

export class UnauthenticatedError extends UserError<'PIC_UNAUTHENTICATED'> {
  constructor(problem: 'missing' | 'malformed' | 'unknown') {
    const messages = {
      missing: 'This needs a token. Send it as "Authorization: Bearer pic_...".',
      malformed: 'The Authorization header is not "Bearer" and one token.',
      unknown: 'The token is not known here, or was deleted.',
    }
    super({ code: 'PIC_UNAUTHENTICATED', status: 401, message: messages[problem] })
  }
}

export class AttemptsLimitedError extends UserError<'PIC_ATTEMPTS_LIMITED'> {
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number) {
    super({
      code: 'PIC_ATTEMPTS_LIMITED',
      status: 429,
      message: `Too many failed attempts from this address. Try again in ${retryAfterSeconds} s.`,
    })
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export class SetupRefusedError extends UserError<'PIC_SETUP_REFUSED'> {
  constructor() {
    super({
      code: 'PIC_SETUP_REFUSED',
      status: 403,
      message:
        'The set-up token is wrong or was used. A PiCloud without an admin prints a new set-up ' +
        'link each time it starts.',
    })
  }
}

export class TokenNotFoundError extends UserError<'PIC_TOKEN_NOT_FOUND'> {
  constructor(id: string) {
    const message = `There is no token with the id ${quote(id)}.`
    super({ code: 'PIC_TOKEN_NOT_FOUND', status: 404, message })
  }
}
