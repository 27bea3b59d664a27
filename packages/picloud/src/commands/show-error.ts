/**
 * The last words of a command that failed: one clear line, then what belongs to it.
 *
 * @module
 */
import { ConfigurationError } from '@picloud/program'
import { HostPatternError, PathPatternError, PicloudError } from '@picloud/shared'
import { ApiError } from '../client/api-error.ts'
import { CliError } from '../errors.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { printableLine } from '../terminal/printable.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { inFlags } from './app-slugs.ts'
import { ScriptFaultError } from './script-file.ts'

/** What was written on the command line or in the environment is wrong. */
const USAGE_ERRORS = [ConfigurationError, HostPatternError, PathPatternError]

/** Shows the error on stderr, as JSON for machines, and says how the program is to end. */
export function showError(terminal: Terminal, error: unknown, json: boolean): ExitCode {
  if (json) terminal.progress(JSON.stringify(jsonOf(error)))
  else showForPeople(terminal, error)
  if (error instanceof CliError) return error.exitCode
  return USAGE_ERRORS.some((kind) => error instanceof kind) ? EXIT.usage : EXIT.failed
}

function showForPeople(terminal: Terminal, error: unknown): void {
  // Rhai's messages go on with one line for each call the error came through.
  const text = messageOf(error)
  const [message = '', ...calls] = text.split('\n')
  terminal.error(printableLine(message))
  if (error instanceof ScriptFaultError && error.excerpt !== '') terminal.progress(error.excerpt)
  for (const call of calls) terminal.progress(`  ${printableLine(call)}`)
  if (error instanceof PicloudError) {
    for (const field of error.errors) {
      // The message often says it already.
      if (text.includes(field.message)) continue
      terminal.progress(printableLine(`  ${field.pointer || '(all)'}: ${field.message}`))
    }
  }
  if (error instanceof ApiError && error.status >= 500) {
    terminal.progress(printableLine(`  ${error.code}, request ${error.problem.request_id}`))
  }
  if (!(error instanceof PicloudError) && error instanceof Error) {
    // Nobody expected this one: the stack is what a report needs.
    terminal.progress(error.stack ?? '')
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // The API speaks of its body and its query string; here the same things are arguments and flags.
  if (error instanceof ApiError && error.code === 'PIC_REQUEST_INVALID' && error.errors[0]) {
    const { pointer, message } = error.errors[0]
    return `${pointer.slice(1) || 'request'}: ${message}`
  }
  return error instanceof ApiError ? inFlags(error.message) : error.message
}

function jsonOf(error: unknown): object {
  if (error instanceof ApiError) return error.problem
  if (!(error instanceof PicloudError)) return { code: 'PIC_INTERNAL', detail: messageOf(error) }
  return {
    ...error.details,
    code: error.code,
    status: error.status,
    detail: error.message,
    ...(error.errors.length > 0 ? { errors: error.errors } : {}),
  }
}
