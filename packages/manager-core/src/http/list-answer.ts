/**
 * The one shape of a list: `{ items, next_cursor }`.
 *
 * @module
 */
import type { Page } from '@picloud/storage'

export interface ListAnswer<Item> {
  items: Item[]
  next_cursor: string | null
}

export function listAnswer<Row, Item>(
  page: Page<Row>,
  itemOf: (row: Row) => Item,
): ListAnswer<Item> {
  return { items: page.items.map(itemOf), next_cursor: page.nextCursor }
}
