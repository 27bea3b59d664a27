/**
 * Lays rows out in columns for people. Machines use `--json`.
 *
 * @module
 */
import { printableLine } from './printable.ts'
import type { Terminal } from './terminal.ts'

const GAP = '  '

/** A header and rows, each column as wide as its widest cell; `none` is said where no row is. */
export function showTable(
  terminal: Terminal,
  table: {
    readonly header: readonly string[]
    readonly rows: readonly (readonly string[])[]
    readonly none: string
  },
): void {
  if (table.rows.length === 0) {
    terminal.progress(table.none)
    return
  }
  const rows = table.rows.map((row) => row.map(printableLine))
  const widths = table.header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => [...(row[column] ?? '')].length)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join(GAP)
      .trimEnd()
  terminal.result(terminal.styleResult('bold', line(table.header)))
  for (const row of rows) terminal.result(line(row))
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - [...cell].length))
}

/** A time of the API as people read it: to the second, in UTC. */
export function shownTime(time: string | null): string {
  return time === null ? 'never' : `${time.slice(0, 10)} ${time.slice(11, 19)}`
}
