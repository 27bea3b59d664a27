/**
 * What the listings of all resources have in common.
 *
 * @module
 */
import type { List } from '@picloud/api-client'
import type { Terminal } from '../terminal/terminal.ts'

/** Says that a listing was cut off, so that nobody takes a part for the whole. */
export function warnOfMore(terminal: Terminal, list: List<unknown>): void {
  if (list.next_cursor === null) return
  terminal.warning(`There are more than the ${list.items.length} shown.`)
}
