/**
 * Errors of who asks: tokens, sessions, passwords, attempts, the first set-up.
 *
 * @module
 */
import type { Need } from '../auth/principal.ts'
import { quote, UserError } from './user-error.ts'

export class UnauthenticatedError extends UserError<'PIC_UNAUTHENTICATED'> {
  constructor(problem: 'missing' | 'malformed' | 'unknown' | 'ended') {
    const messages = {
      missing: 'This needs a token. Send it as "Authorization: Bearer pic_...", or sign in.',
      malformed: 'The Authorization header is not "Bearer" and one token.',
      unknown: 'The token is not known here, or was deleted.',
      ended: 'The session has ended. Sign in again.',
    }
    super({ code: 'PIC_UNAUTHENTICATED', status: 401, message: messages[problem] })
  }
}

export class AttemptsLimitedError extends UserError<'PIC_ATTEMPTS_LIMITED'> {
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number, of: 'address' | 'account') {
    super({
      code: 'PIC_ATTEMPTS_LIMITED',
      status: 429,
      message:
        `Too many failed attempts ${of === 'address' ? 'from this address' : 'for this account'}. ` +
        `Try again in ${retryAfterSeconds} s.`,
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

export class ScopeMissingError extends UserError<'PIC_SCOPE_MISSING'> {
  constructor(need: Need) {
    const enough = need === 'admin' ? '"admin"' : `"${need}" or "admin"`
    super({
      code: 'PIC_SCOPE_MISSING',
      status: 403,
      message: `The token may not do this: it needs the scope ${enough}.`,
      details: { scope: need },
    })
  }
}

export class CrossOriginError extends UserError<'PIC_CSRF_REFUSED'> {
  constructor(problem: 'header' | 'origin') {
    const messages = {
      header: 'A change made with a session needs the header "X-PiCloud-CSRF: 1".',
      origin: 'The request comes from a page of another origin.',
    }
    super({ code: 'PIC_CSRF_REFUSED', status: 403, message: messages[problem] })
  }
}

export class SignInRefusedError extends UserError<'PIC_SIGN_IN_REFUSED'> {
  constructor() {
    const message = 'The name or the password is wrong.'
    super({ code: 'PIC_SIGN_IN_REFUSED', status: 401, message })
  }
}

export class PasswordWrongError extends UserError<'PIC_PASSWORD_WRONG'> {
  constructor() {
    const message = 'The current password is wrong.'
    super({
      code: 'PIC_PASSWORD_WRONG',
      status: 403,
      message,
      errors: [{ pointer: '/current_password', message }],
    })
  }
}

export class PasswordsBusyError extends UserError<'PIC_PASSWORDS_BUSY'> {
  constructor() {
    super({
      code: 'PIC_PASSWORDS_BUSY',
      status: 503,
      message: 'Too many passwords are being checked at the moment. Try again shortly.',
    })
  }
}

export class SessionNotFoundError extends UserError<'PIC_SESSION_NOT_FOUND'> {
  constructor(id: string) {
    const message =
      id === 'current'
        ? 'This request is not made with a session.'
        : `There is no session with the id ${quote(id)}.`
    super({ code: 'PIC_SESSION_NOT_FOUND', status: 404, message })
  }
}

export class AdminNotFoundError extends UserError<'PIC_ADMIN_NOT_FOUND'> {
  constructor() {
    super({
      code: 'PIC_ADMIN_NOT_FOUND',
      status: 404,
      message:
        'There is no account with a password yet. `picloud password` on the machine that runs ' +
        'PiCloud makes one.',
    })
  }
}
