/**
 * Executions and their log lines as people read them in a terminal.
 *
 * @module
 */
import type { Execution } from '@picloud/shared'
import { printableLine } from '../terminal/printable.ts'
import { sourceExcerpt } from '../terminal/source-excerpt.ts'
import type { Style, Terminal } from '../terminal/terminal.ts'

const LEVEL_STYLES: Readonly<Record<Execution['logs'][number]['level'], Style>> = {
  debug: 'dim',
  info: 'cyan',
  warn: 'yellow',
  error: 'red',
}

/**
 * One line for the execution, then one for each thing it logged, then its error and request id.
 *
 * @param source of the version that ran, for the line at which it failed; left out: it is not shown
 */
export function showExecution(terminal: Terminal, execution: Execution, source?: string): void {
  terminal.result(headLine(terminal, execution))
  for (const log of execution.logs) {
    const level = terminal.styleResult(LEVEL_STYLES[log.level], log.level.padEnd(5))
    const fields = log.fields === undefined ? '' : ` ${JSON.stringify(log.fields)}`
    terminal.result(`    ${level} ${printableLine(log.message + fields)}`)
  }
  if (execution.logs_dropped > 0) {
    terminal.result(`    ${execution.logs_dropped} more lines were over the limit`)
  }
  if (execution.error === null) return
  for (const line of errorLines(terminal, execution.error)) terminal.result(`    ${line}`)
  const { line, column } = execution.error
  if (source !== undefined && line !== null) {
    const excerpt = sourceExcerpt(source, line, column ?? 0)
    if (excerpt !== '') terminal.result(excerpt.replaceAll(/^/gm, '    '))
  }
  // What the caller of a failed request was shown: the two are found by each other.
  terminal.result(`    ${terminal.styleResult('dim', `request ${execution.id}`)}`)
}

function headLine(terminal: Terminal, execution: Execution): string {
  const time = `${execution.started_at.slice(0, 10)} ${execution.started_at.slice(11, 23)}`
  // Only the HTTP trigger has a path that says more than the script's name does.
  const request =
    execution.trigger === 'http'
      ? `${execution.method ?? ''} ${execution.path ?? ''}`
      : execution.trigger
  const style = execution.status >= 400 || execution.outcome === 'error' ? 'red' : 'green'
  return [
    terminal.styleResult('dim', time.replace('Z', '')),
    terminal.styleResult(style, String(execution.status)),
    printableLine(request),
    `${execution.duration_ms.toFixed(1)} ms`,
    `${execution.script_name} v${execution.version}`,
  ].join('  ')
}

function errorLines(terminal: Terminal, error: NonNullable<Execution['error']>): string[] {
  // Rhai's messages go on with one line for each call the error came through.
  const [first = '', ...calls] = error.message.split('\n')
  const place =
    error.line === null || error.line === 0
      ? ''
      : ` (line ${error.line}${error.column === null ? '' : `, position ${error.column}`})`
  // Rhai's own messages end with the position already.
  const message = first.endsWith(place) ? first : first + place
  return [
    `${terminal.styleResult('red', 'failed')} ${printableLine(`${error.code}: ${message}`)}`,
    ...calls.map((call) => `  ${printableLine(call)}`),
  ]
}
