/**
 * The host module `log::` and the output of `print` and `debug`, written as log lines.
 *
 *     log::info(message)            message may be any value
 *     log::info(message, fields)    fields a map
 *
 * A compiled program is used by many invocations, what it offers is fixed when it is compiled: the
 * module writes to the lines of the run that calls it.
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
import { chargeUnits } from './charge.ts'
import { ScriptRun } from './script-run.ts'
import { textOf } from './value-text.ts'

export const LOG_MODULE: HostModule = {
  functions: {
    debug: writersOf('debug'),
    info: writersOf('info'),
    warn: writersOf('warn'),
    error: writersOf('error'),
  },
}

function writersOf(level: LogLevel): readonly HostFunction[] {
  return [
    hostFunction([ANY], (context, message) => write(level, context, message, undefined)),
    hostFunction([ANY, ANY], (context, message, fields) => write(level, context, message, fields)),
  ]
}

function write(level: LogLevel, context: CallContext, message: Value, fields: Value): undefined {
  const { log } = ScriptRun.of(context)
  const { room } = log
  try {
    const text = messageText(message, room)
    const fieldsJson = fieldsText(fields, room)
    // Writing a text is work, also when the line is dropped in the end.
    chargeUnits(context, text.length + (fieldsJson?.length ?? 0))
    log.add(level, text, fieldsJson)
  } catch (error) {
    if (!isTooLong(error)) throw error
    chargeUnits(context, room)
    log.drop()
  }
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
