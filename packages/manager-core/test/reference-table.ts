/**
 * Reads a table of `docs/reference/routing.md`, so that tests check what the page says.
 *
 * @module
 */
import { readFileSync } from 'node:fs'

const PAGE = readFileSync(new URL('../../../docs/reference/routing.md', import.meta.url), 'utf8')

/** The rows of the one table with these columns, each a list of cells. */
export function rowsOfRoutingPage(...columns: readonly string[]): readonly string[][] {
  const lines = PAGE.split('\n')
  const start = lines.indexOf(`| ${columns.join(' | ')} |`)
  if (start === -1) throw new Error(`The page has no table ${columns.join(', ')}.`)
  const after = lines.slice(start + 2)
  const end = after.findIndex((line) => !line.startsWith('|'))
  return after.slice(0, end).map((line) => line.slice(2, -2).split(' | '))
}

/** What stands in the first code span of a cell. */
export function codeIn(cell: string | undefined): string {
  const [, text] = /`([^`]*)`/.exec(cell ?? '') ?? []
  if (text === undefined) throw new Error(`No code span in ${cell}.`)
  return text
}
