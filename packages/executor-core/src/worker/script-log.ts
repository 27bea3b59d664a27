/**
 * The host module `log::` and the output of `print` and `debug`, written as log lines.
 *
 *     log::info(message)            message may be any value
 *     log::info(message, fields)    fields a map
 *
 * A compiled program is used by many invocations, what it offers is fixed when it is compiled.
 * Scripts run one at a time, so the module writes to the lines of the one that runs now.
 *
 * @module
 */
import {
  ANY,
  type CallContext,
  type HostFunction,
  type HostModule,
  hostFunction,
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

  readonly module: HostModule = {
    functions: {
      debug: this.#writers('debug'),
      info: this.#writers('info'),
      warn: this.#writers('warn'),
      error: this.#writers('error'),
    },
  }

  /** Where lines go from now on. */
  begin(lines: LogLines): void {
    this.#lines = lines
  }

  readonly print = (text: string): void => this.#lines.add('info', text)

  readonly debug = (text: string): void => this.#lines.add('debug', text)

  #writers(level: LogLevel): readonly HostFunction[] {
    const write = this.#write.bind(this, level)
    return [
      hostFunction([ANY], (context, message) => write(context, message, undefined)),
      hostFunction([ANY, ANY], write),
    ]
  }

  #write(level: LogLevel, context: CallContext, message: Value, fields: Value): undefined {
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
