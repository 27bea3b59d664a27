/**
 * Errors of execution records.
 *
 * @module
 */
import { quote, UserError } from './user-error.ts'

export class ExecutionNotFoundError extends UserError<'PIC_EXECUTION_NOT_FOUND'> {
  constructor(id: string) {
    const message = `There is no execution with the id ${quote(id)}.`
    super({ code: 'PIC_EXECUTION_NOT_FOUND', status: 404, message })
  }
}

export class FollowersTooManyError extends UserError<'PIC_FOLLOWERS_TOO_MANY'> {
  constructor(countMax: number) {
    super({
      code: 'PIC_FOLLOWERS_TOO_MANY',
      status: 503,
      message: `${countMax} clients follow executions already. Read the list, or try later.`,
    })
  }
}
