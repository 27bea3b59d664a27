/**
 * What is under way, by its id, in the order it was added.
 *
 * A `Map` does the same and costs every garbage collection a multiple of it. When its table is full
 * of deleted entries it is replaced, and V8 has the old table point to the new one. An old table
 * that was moved to the old generation before it died thus keeps the next one alive with all that
 * was under way then, and that the one after: until the old generation is collected, a tenth of all
 * that requests ever allocated was copied twice and kept.
 *
 * Open addressing with linear probing, between an eighth and half full; removing moves back what was
 * displaced.
 *
 * @module
 */

const SLOTS_MIN = 256

interface Slot<Item> {
  readonly id: number
  readonly item: Item
  /** Counts what was ever added. */
  readonly turn: number
}

export class IdTable<Item> {
  #slots: (Slot<Item> | undefined)[] = emptySlots(SLOTS_MIN)
  #size = 0
  #turn = 0

  get size(): number {
    return this.#size
  }

  get(id: number): Item | undefined {
    return this.#slots[this.#find(id)]?.item
  }

  has(id: number): boolean {
    return this.#slots[this.#find(id)] !== undefined
  }

  /** Adds what has an id of its own, or puts it in the place of what had this one. */
  set(id: number, item: Item): void {
    if (2 * this.#size >= this.#slots.length) this.#resize(2 * this.#slots.length)
    const at = this.#find(id)
    const turn = this.#slots[at]?.turn ?? this.#turn++
    if (this.#slots[at] === undefined) this.#size += 1
    this.#slots[at] = { id, item, turn }
  }

  /** Whether it was there. */
  delete(id: number): boolean {
    let gap = this.#find(id)
    if (this.#slots[gap] === undefined) return false
    const mask = this.#slots.length - 1
    for (let at = (gap + 1) & mask; ; at = (at + 1) & mask) {
      const slot = this.#slots[at]
      if (slot === undefined) break
      // What is where it belongs, or between there and the gap, must stay.
      if (((at - slot.id) & mask) < ((at - gap) & mask)) continue
      this.#slots[gap] = slot
      gap = at
    }
    this.#slots[gap] = undefined
    this.#size -= 1
    const { length } = this.#slots
    if (length > SLOTS_MIN && 8 * this.#size < length) this.#resize(length / 2)
    return true
  }

  clear(): void {
    this.#slots = emptySlots(SLOTS_MIN)
    this.#size = 0
  }

  some(holds: (item: Item) => boolean): boolean {
    for (const slot of this.#slots) if (slot !== undefined && holds(slot.item)) return true
    return false
  }

  /** In the order they were added. */
  entries(): (readonly [id: number, item: Item])[] {
    return this.#slots
      .filter((slot) => slot !== undefined)
      .sort((a, b) => a.turn - b.turn)
      .map(({ id, item }) => [id, item] as const)
  }

  /** In the order they were added. */
  values(): Item[] {
    return this.entries().map(([, item]) => item)
  }

  /** Where it is, or would be. */
  #find(id: number): number {
    const mask = this.#slots.length - 1
    let at = id & mask
    for (;;) {
      const slot = this.#slots[at]
      if (slot === undefined || slot.id === id) return at
      at = (at + 1) & mask
    }
  }

  #resize(length: number): void {
    const slots = this.#slots
    this.#slots = emptySlots(length)
    for (const slot of slots) if (slot !== undefined) this.#slots[this.#find(slot.id)] = slot
  }
}

function emptySlots<Item>(count: number): (Slot<Item> | undefined)[] {
  return new Array<Slot<Item> | undefined>(count).fill(undefined)
}
