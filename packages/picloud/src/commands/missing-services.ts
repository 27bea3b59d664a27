/**
 * Says when a script names services that its app is not granted.
 *
 * @module
 */
import type { ScriptSummary } from '@picloud/shared'
import type { Terminal } from '../terminal/terminal.ts'

export function warnOfMissingServices(
  terminal: Terminal,
  { name, missing_services: missing }: Pick<ScriptSummary, 'name' | 'missing_services'>,
): void {
  if (missing.length === 0) return
  terminal.progress(
    `Warning: ${name} uses ${missing.map((service) => `${service}::`).join(', ')}, which its app ` +
      'is not granted: calls fail. `picloud apps set APP --services LIST` grants services.',
  )
}
