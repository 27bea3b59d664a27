/**
 * Errors of secrets. None of them knows a value.
 *
 * @module
 */
import { quote, UserError } from './user-error.ts'

export class SecretNotFoundError extends UserError<'PIC_SECRET_NOT_FOUND'> {
  constructor(app: string, name: string) {
    const message = `The app ${quote(app)} has no secret named ${quote(name)}.`
    super({ code: 'PIC_SECRET_NOT_FOUND', status: 404, message })
  }
}

export class SecretNameInvalidError extends UserError<'PIC_SECRET_NAME_INVALID'> {
  constructor(name: string) {
    const message =
      `No secret can be named ${quote(name)}. Use up to 64 letters, digits, underscores, dots and ` +
      'hyphens, and do not begin with a dot or hyphen.'
    super({ code: 'PIC_SECRET_NAME_INVALID', status: 422, message })
  }
}

export class SecretsFullError extends UserError<'PIC_SECRETS_FULL'> {
  constructor(app: string, max: number) {
    const message = `The app ${quote(app)} has ${max} secrets, and no app can have more.`
    super({ code: 'PIC_SECRETS_FULL', status: 409, message })
  }
}

export class SecretKeyGivenError extends UserError<'PIC_SECRETS_KEY_GIVEN'> {
  constructor() {
    super({
      code: 'PIC_SECRETS_KEY_GIVEN',
      status: 409,
      message:
        'The key is given in PICLOUD_SECRETS_KEY and has sealed all secrets already. Put a new one ' +
        'in front of it there, start PiCloud again, and repeat this.',
    })
  }
}
