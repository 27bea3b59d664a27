/**
 * The host module `log::` and the output of `print` and `debug`, written as log lines.
 *
 *     log::info(message)            message may be any value
 *     log::info(message, fields)    fields a map
 *
 * A compiled program is used by many invocations, its host modules are fixed when it is compiled.
 * Scripts run one at a time, so the module writes to the lines of the one that runs now.
 *
 * @module
 */
import {
  type CallContext,
  type HostFunction,
  type HostModules,
  isMap,
  RhaiError,
  toJsonText,
  type Value,
} from '@picloud/rhai'
import type { LogLevel } from '@picloud/shared'
import { LogLines } from './log-lines.ts'
import { textOf } from './value-text.ts'

const NO_LINES_KEPT = 0
const UNITS_PER_OPERATION = 32

export class ScriptLog {
  #lines = new LogLines(NO_LINES_KEPT)

  readonly modules: HostModules = {
    log: {
      debug: this.#writer('debug'),
      info: this.#writer('info'),
      warn: this.#writer('warn'),
      error: this.#writer('error'),
    },
  }

  /** Where lines go from now on. */
  begin(lines: LogLines): void {
    this.#lines = lines
  }

  readonly print = (text: string): void => this.#lines.add('info', text)

  readonly debug = (text: string): void => this.#lines.add('debug', text)

  #writer(level: LogLevel): HostFunction {
    return (context, ...args) => {
      const [message, fields] = args
      const { room } = this.#lines
      try {
        const text = messageText(message, room)
        const fieldsJson = fieldsText(fields, room)
        chargeText(context, text.length + (fieldsJson?.length ?? 0))
        this.#lines.add(level, text, fieldsJson)
      } catch (error) {
        if (!isTooLong(error)) throw error
        chargeText(context, room)
        this.#lines.drop()
      }
      return undefined
    }
  }
}

/** Writing a text is work, also when the line is dropped in the end. */
function chargeText(context: CallContext, units: number): void {
  context.charge(Math.ceil(units / UNITS_PER_OPERATION))
}

function messageText(message: Value, bytesMax: number): string {
  return textOf(message) ?? toJsonText(message, { bytesMax })
}

function fieldsText(fields: Value, bytesMax: number): string | undefined {
  if (fields === undefined) return undefined
  const text = toJsonText(fields, { bytesMax })
  return isMap(fields) ? text : `{"value":${text}}`
}

function isTooLong(error: unknown): boolean {
  return error instanceof RhaiError && error.limit?.name === 'outputBytesMax'
}
