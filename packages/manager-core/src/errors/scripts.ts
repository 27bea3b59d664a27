/**
 * Errors of scripts.
 *
 * @module
 */
import { listRoutes, type RouteName, routeDetail } from './route-name.ts'
import { quote, UserError } from './user-error.ts'

export class ScriptNotFoundError extends UserError<'PIC_SCRIPT_NOT_FOUND'> {
  constructor(reference: string) {
    const message = `There is no script ${quote(reference)}.`
    super({ code: 'PIC_SCRIPT_NOT_FOUND', status: 404, message })
  }
}

export class ScriptNameTakenError extends UserError<'PIC_SCRIPT_NAME_TAKEN'> {
  constructor(name: string) {
    const message = `The app has a script named ${quote(name)} already.`
    super({
      code: 'PIC_SCRIPT_NAME_TAKEN',
      status: 409,
      message,
      errors: [{ pointer: '/name', message }],
    })
  }
}

/** Where and why the compiler gave up; `line` and `column` count from 1, 0 is unknown. */
export interface CompileFault {
  readonly kind: string
  readonly text: string
  readonly message: string
  readonly line: number
  readonly column: number
}

export class ScriptCompileError extends UserError<'PIC_SCRIPT_COMPILE'> {
  constructor(fault: CompileFault, cause: unknown) {
    super({
      code: 'PIC_SCRIPT_COMPILE',
      status: 422,
      message: `The script does not compile, so nothing was stored: ${fault.message}`,
      errors: [{ pointer: '/source', message: fault.message }],
      details: {
        line: fault.line,
        column: fault.column,
        kind: fault.kind,
        compile_message: fault.text,
      },
      cause,
    })
  }
}

export class ScriptSourceTooLargeError extends UserError<'PIC_SCRIPT_SOURCE_TOO_LARGE'> {
  constructor(bytes: number, bytesMax: number) {
    const message = `The source has ${bytes} bytes in UTF-8; the limit is ${bytesMax}.`
    super({
      code: 'PIC_SCRIPT_SOURCE_TOO_LARGE',
      status: 413,
      message: `${message} PICLOUD_LIMIT_SOURCE_BYTES raises it.`,
      errors: [{ pointer: '/source', message }],
      details: { limit: { name: 'sourceBytesMax', value: bytesMax, unit: 'bytes' } },
    })
  }
}

export class ScriptInUseError extends UserError<'PIC_SCRIPT_IN_USE'> {
  constructor(name: string, routes: readonly RouteName[]) {
    super({
      code: 'PIC_SCRIPT_IN_USE',
      status: 409,
      message:
        `The script ${quote(name)} answers ${listRoutes(routes)}. ` +
        'Repeat with ?force=true to delete them with it.',
      details: { routes: routes.map(routeDetail) },
    })
  }
}
