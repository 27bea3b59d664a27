/**
 * Holds what one array or map holds, with everything inside it, to `dataBytesMax`.
 *
 * The size of an array or map is {@link ITEM_BYTES} for each item or entry, the UTF-16 units of its
 * keys and strings, the bytes of its blobs, and the sizes of the arrays and maps in it. A value that
 * is held twice counts twice, although lazy copies may store it once.
 *
 * Walking a container whenever it grows would cost the square of its size. So the meter counts what
 * is put into containers: `added` only grows, and by at least as much as any container does. What a
 * container holds is therefore at most `added - elsewhere`, where `elsewhere` is what was known not
 * to be in it when it was walked last, at first nothing. Only when that passes the limit is it
 * walked again. A container that stays at half the limit is walked once for as much growth.
 *
 * Until `added` passes the limit for the first time no container needs a walk. A container whose
 * content has been added, {@link COUNTED}, then moves into another such one for nothing: all of them
 * together hold no more than `added`. What is shared, or was made by taking from another, is added
 * with what it holds. Later every container is, since the one it moves to may have been walked.
 *
 * The handle of something shared, which does not change while it is, holds its size instead, negated;
 * who takes storage of its own forgets it.
 *
 * Whoever puts something into a container says so ({@link DataMeter.put} and its kin,
 * {@link DataMeter.made}), except for what {@link isSmall} where something was already; whoever wrote
 * through a path asks for a check of the container it began at. What only takes parts out of a
 * container or moves them says nothing.
 *
 * @module
 */
import { dataTooLarge } from './raise.ts'
import { RhaiArray, RhaiBlob, RhaiChar, RhaiFloat, RhaiMap, Tagged, type Value } from './value.ts'

/** What an item or entry counts by itself: about the memory it takes at least. */
export const ITEM_BYTES = 16

/** Walking so many items is an operation. */
const ITEMS_PER_OPERATION = 8

/** Walking fewer items again costs less than looking their size up. */
const REMEMBERED_MIN = 32

/** Deeper than so many levels a walk needs another way. */
const RECURSION_MAX = 100

/**
 * `elsewhere` of a container whose content has been added. The clock begins with as much, which is in
 * no container.
 */
const COUNTED = 1

type Holder = RhaiArray | RhaiMap

export class DataMeter {
  readonly #max: number
  readonly #charge: (operations: number) => void
  #added = COUNTED
  /** Items walked, and those of them that are paid for. */
  #walked = 0
  #charged = 0
  #sizes: WeakMap<object, number> | undefined

  constructor(max: number, charge: (operations: number) => void) {
    this.#max = max
    this.#charge = charge
  }

  /** `holder` got an item. @throws RhaiError `ErrorDataTooLarge` */
  put(holder: Holder, value: Value): void {
    this.#added += isSmall(value) ? ITEM_BYTES : ITEM_BYTES + this.#newContent(holder, value)
    this.check(holder)
  }

  /** A value of `holder` was replaced, or is the same and has changed. @throws RhaiError */
  replace(holder: Holder, value: Value, replaced: Value): void {
    if (isSmall(value)) return
    if (value !== replaced) this.#added += this.#newContent(holder, value)
    // A text that grows bit by bit adds what it grows by.
    if (typeof value === 'string' && typeof replaced === 'string' && value !== replaced) {
      this.#added -= Math.min(value.length, replaced.length)
    }
    this.check(holder)
  }

  /** An entry of a map was set; `replaced` is what was there. @throws RhaiError */
  setEntry(map: RhaiMap, key: string, value: Value, replaced: Value): void {
    if (replaced === undefined) {
      this.#added += key.length
      this.put(map, value)
    } else {
      this.replace(map, value, replaced)
    }
  }

  /** `holder` got so many items that are copies of `item`. @throws RhaiError */
  putMany(holder: Holder, item: Value, count: number): void {
    this.#added += (ITEM_BYTES + this.#contentOf(item)) * count
    this.check(holder)
  }

  /** `holder` got what `source` holds. @throws RhaiError */
  include(holder: Holder, source: Holder): void {
    this.#added += this.#contentOf(source)
    this.check(holder)
  }

  /** A blob, which may lie in a container, got longer. */
  lengthen(bytes: number): void {
    if (bytes > 0) this.#added += bytes
  }

  /** A container was made of values, or the host gave a value. @throws RhaiError */
  made<T extends Value>(value: T): T {
    if (this.#added > this.#max || typeof value !== 'object' || !isHolder(value) || value.shared) {
      return this.#madeOther(value)
    }
    value.elsewhere = COUNTED
    const items = itemsOf(value)
    let size = itemCount(value) * ITEM_BYTES + keyUnits(value)
    for (let i = 0; i < items.length; i++) {
      const item = items[i]
      if (!isSmall(item)) size += this.#newContent(value, item)
    }
    this.#added += size
    this.check(value)
    return value
  }

  #madeOther<T extends Value>(value: T): T {
    const size = this.#contentOf(value)
    this.#added += size
    if (typeof value === 'object' && isHolder(value)) {
      if (size > this.#max) throw this.#tooLarge()
      if (!value.shared) value.elsewhere = this.#added - size
    }
    return value
  }

  /** A value that the host gives the run to begin with; it may be larger than the limit. */
  given(value: Value): void {
    this.#added += this.#contentOf(value)
  }

  /** Refuses a container that holds too much. @throws RhaiError */
  check(holder: Holder): void {
    if (this.#added - holder.elsewhere > this.#max) this.#measure(holder)
  }

  #measure(holder: Holder): void {
    const size = this.#contentOf(holder)
    if (size > this.#max) throw this.#tooLarge()
    if (!holder.shared) holder.elsewhere = this.#added - size
  }

  #tooLarge(): unknown {
    return dataTooLarge('Size of data', { name: 'dataBytesMax', value: this.#max })
  }

  /** What a value that `holder` gets holds, as far as it has not been added when it got there. */
  #newContent(holder: Holder, value: Value): number {
    if (typeof value === 'string') return value.length
    if (typeof value !== 'object') return 0
    if (!isHolder(value)) return contentOfOther(value)
    const areCounted = holder.elsewhere > 0 && value.elsewhere > 0 && !value.shared
    return areCounted && this.#added <= this.#max ? 0 : this.#sizeOf(value)
  }

  /** What a value holds; of one that holds too much, something beyond the limit. */
  #contentOf(value: Value): number {
    if (typeof value === 'string') return value.length
    if (typeof value !== 'object') return 0
    return isHolder(value) ? this.#sizeOf(value) : contentOfOther(value)
  }

  #sizeOf(holder: Holder, depth = 0): number {
    const known = this.#remembered(holder)
    if (known !== undefined) return known
    let total = this.#ownSizeOf(holder)
    const items = itemsOf(holder)
    for (let i = 0; i < items.length && total <= this.#max; i++) {
      const item = items[i]
      if (typeof item === 'string') total += item.length
      else if (typeof item !== 'object') continue
      else if (!isHolder(item)) total += contentOfOther(item)
      else total += depth < RECURSION_MAX ? this.#sizeOf(item, depth + 1) : this.#deepSizeOf(item)
    }
    if (total <= this.#max) this.#remember(holder, total)
    return total
  }

  /** The same without recursion and without remembering what lies inside. */
  #deepSizeOf(holder: Holder): number {
    let total = 0
    const waiting = [holder]
    for (let next = waiting.pop(); next !== undefined && total <= this.#max; next = waiting.pop()) {
      const known = this.#remembered(next)
      total += known ?? this.#ownSizeOf(next)
      if (known !== undefined) continue
      for (const item of itemsOf(next)) {
        if (typeof item === 'object' && isHolder(item)) waiting.push(item)
        else total += this.#contentOf(item)
      }
    }
    return total
  }

  /** What a container counts without what its items hold; charges for the walk over those. */
  #ownSizeOf(holder: Holder): number {
    const items = itemCount(holder)
    this.#walked += items
    const operations = Math.floor((this.#walked - this.#charged) / ITEMS_PER_OPERATION)
    if (operations > 0) {
      this.#charged += operations * ITEMS_PER_OPERATION
      this.#charge(operations)
    }
    return items * ITEM_BYTES + keyUnits(holder)
  }

  /** What is shared does not change; its handle knows its size, or the meter that of its storage. */
  #remembered(holder: Holder): number | undefined {
    if (!holder.shared) return undefined
    if (holder.elsewhere < 0) return -holder.elsewhere
    if (this.#sizes === undefined || itemCount(holder) < REMEMBERED_MIN) return undefined
    return this.#sizes.get(storageOf(holder))
  }

  #remember(holder: Holder, size: number): void {
    if (!holder.shared || size === 0) return
    holder.elsewhere = -size
    if (itemCount(holder) < REMEMBERED_MIN) return
    this.#sizes ??= new WeakMap()
    this.#sizes.set(storageOf(holder), size)
  }
}

/** Whether a value holds nothing: it takes the room of any item. */
export function isSmall(value: Value): boolean {
  if (typeof value === 'object') return value instanceof RhaiFloat || value instanceof RhaiChar
  return typeof value !== 'string'
}

function contentOfOther(value: Value & object): number {
  if (value instanceof RhaiBlob) return value.bytes.length
  if (value instanceof Tagged && typeof value.value === 'string') return value.value.length
  return 0
}

/** What handles that hold the same have in common. */
function storageOf(holder: Holder): object {
  return holder instanceof RhaiArray ? holder.items : (holder.table ?? holder.slots)
}

function itemCount(holder: Holder): number {
  if (holder instanceof RhaiArray) return holder.items.length
  return holder.table?.size ?? holder.shape.size
}

function keyUnits(holder: Holder): number {
  if (holder instanceof RhaiArray) return 0
  if (holder.table === undefined) return holder.shape.keyUnits
  let units = 0
  for (const key of holder.table.keys()) units += key.length
  return units
}

/** What a container holds directly, and perhaps a `()`. */
function itemsOf(holder: Holder): readonly Value[] {
  if (holder instanceof RhaiArray) return holder.items
  return holder.table === undefined ? holder.slots : holder.table.values()
}

function isHolder(value: Value & object): value is Holder {
  return value instanceof RhaiArray || value instanceof RhaiMap
}
