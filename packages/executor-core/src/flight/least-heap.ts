/**
 * A binary heap: finds the least of many, and moves it when it is the least no more.
 *
 * @module
 */
export class LeastHeap<Item> {
  readonly #isBefore: (a: Item, b: Item) => boolean
  #items: Item[] = []

  constructor(isBefore: (a: Item, b: Item) => boolean) {
    this.#isBefore = isBefore
  }

  get first(): Item | undefined {
    return this.#items[0]
  }

  add(item: Item): void {
    const items = this.#items
    let at = items.length
    while (at > 0) {
      const parentAt = (at - 1) >> 1
      const parent = items[parentAt] as Item
      if (!this.#isBefore(item, parent)) break
      items[at] = parent
      at = parentAt
    }
    items[at] = item
  }

  /** To be called after the first was changed so that others may come before it. */
  sinkFirst(): void {
    const items = this.#items
    const [item] = items
    if (item === undefined) return
    let at = 0
    for (;;) {
      const leftAt = 2 * at + 1
      const left = items[leftAt]
      if (left === undefined) break
      const right = items[leftAt + 1]
      const isRight = right !== undefined && this.#isBefore(right, left)
      const child = isRight ? right : left
      if (!this.#isBefore(child, item)) break
      items[at] = child
      at = isRight ? leftAt + 1 : leftAt
    }
    items[at] = item
  }

  dropFirst(): void {
    const last = this.#items.pop()
    if (last === undefined || this.#items.length === 0) return
    this.#items[0] = last
    this.sinkFirst()
  }

  clear(): void {
    this.#items = []
  }
}
