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
import { type HostFunction, type HostModules, isMap, toJsonText, type Value } from '@picloud/rhai'
import type { LogLevel } from '@picloud/shared'
import { LogLines } from './log-lines.ts'
import { textOf } from './value-text.ts'

const NO_LINES_KEPT = 0

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
    return (_context, ...args) => {
      const [message, fields] = args
      this.#lines.add(level, messageText(message), fieldsText(fields))
      return undefined
    }
  }
}

function messageText(message: Value): string {
  return textOf(message) ?? toJsonText(message)
}

function fieldsText(fields: Value): string | undefined {
  if (fields === undefined) return undefined
  const text = toJsonText(fields)
  return isMap(fields) ? text : `{"value":${text}}`
}
