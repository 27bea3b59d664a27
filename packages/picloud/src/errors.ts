/**
 * The errors of the command line itself: wrong usage, a server that cannot be reached or that
 * says no. Each knows the exit code it ends the program with.
 *
 * Errors of the server come in as {@link ApiError} and keep the server's own code.
 *
 * @module
 */
import { type FieldError, PicloudError } from '@picloud/shared'
import { EXIT, type ExitCode } from './exit-code.ts'

interface CliErrorInit<Code extends string> {
  readonly code: Code
  readonly message: string
  readonly exitCode: ExitCode
  readonly status?: number
  readonly errors?: readonly FieldError[] | undefined
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** An error that ends a command; `status` is the HTTP status where one was answered. */
export class CliError<Code extends string = string> extends PicloudError<Code> {
  readonly exitCode: ExitCode

  constructor(init: CliErrorInit<Code>) {
    super({ ...init, audience: 'user', status: init.status ?? 400 })
    this.exitCode = init.exitCode
  }
}

/** An argument or a file that the command cannot work with. */
export class UsageError extends CliError<'PIC_CLI_USAGE'> {
  constructor(message: string) {
    super({ code: 'PIC_CLI_USAGE', message, exitCode: EXIT.usage })
  }
}

/** No PiCloud answered at the address, or not in time. */
export class ServerUnreachableError extends CliError<'PIC_CLI_UNREACHABLE'> {
  constructor(message: string, cause?: unknown) {
    super({ code: 'PIC_CLI_UNREACHABLE', message, exitCode: EXIT.unreachable, status: 503, cause })
  }
}

/** The server answered in a form this command line does not know. */
export class UnexpectedAnswerError extends CliError<'PIC_CLI_UNEXPECTED_ANSWER'> {
  constructor(message: string, cause?: unknown) {
    super({
      code: 'PIC_CLI_UNEXPECTED_ANSWER',
      message,
      exitCode: EXIT.failed,
      status: 502,
      cause,
    })
  }
}

/** Something named on the command line does not exist on the server. */
export class NotFoundError extends CliError<'PIC_CLI_NOT_FOUND'> {
  constructor(message: string) {
    super({ code: 'PIC_CLI_NOT_FOUND', message, exitCode: EXIT.notFound, status: 404 })
  }
}

/** What was asked for is taken by something else. */
export class ConflictError extends CliError<'PIC_CLI_CONFLICT'> {
  constructor(message: string) {
    super({ code: 'PIC_CLI_CONFLICT', message, exitCode: EXIT.conflict, status: 409 })
  }
}

/** The database did not tell this program its routes in time. */
export class RoutingUnavailableError extends CliError<'PIC_START_ROUTING'> {
  constructor(deadlineMs: number) {
    super({
      code: 'PIC_START_ROUTING',
      message: `The database did not answer with the routes within ${deadlineMs} ms.`,
      exitCode: EXIT.failed,
      status: 503,
    })
  }
}
