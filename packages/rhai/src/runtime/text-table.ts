/**
 * A table from texts to values: what a map with many or with computed keys keeps its entries in.
 *
 * It does what JavaScript's `Map` does, and is made for how scripts use one. They mostly ask for the
 * same key a few times in a row (`if key in map { map[key] += 1 }`), or for keys in the order they
 * came: the last key and the one behind it are compared before anything is hashed. Hashes stand
 * beside each other, so growing and looking past another key touch no text.
 *
 * Hashes are no secret. Should a script find many keys that meet, the table leaves the search to a
 * `Map`, so no operation takes much longer than there, but for those that put the table in order,
 * which earlier ones have paid for.
 * Texts hold no lone surrogates. Knows nothing of values.
 *
 * @module
 */

/** Up to here it is faster to compare keys one by one. */
const SCAN_MAX = 8
const CAPACITY_MIN = 32
/** In an index that is half full, so many keys do not meet by chance. */
const PROBES_MAX = 48
/** As many different keys with one hash. */
const TWINS_MAX = 4
/** Of longer keys the ends are hashed, and they are not remembered. */
const SHORT_KEY_UNITS = 128
const END_UNITS = 64
const HASH_PRIME = 0x01000193
const NOWHERE = -1
/** No text: stands where there is no key. */
const NO_KEY = '\ud800'
const NO_NUMBERS = new Int32Array(0)

export class TextTable<T> {
  /** Whether a value may be one that is called like a method. Whoever sets values keeps account. */
  mayHoldMethods = false
  /** In the order they came, with {@link NO_KEY} where one was deleted and has not come back. */
  #keys: string[] = []
  #values: (T | undefined)[] = []
  #size = 0
  /** So many positions can be taken before the table must be put in order. */
  #capacity = SCAN_MAX
  /** Of the keys; empty while they are compared one by one. */
  #hashes: Int32Array = NO_NUMBERS
  /** Positions plus one, each at the low bits of its hash or behind; as empty as the hashes. */
  #index: Int32Array = NO_NUMBERS
  /** Finds positions when too many keys have met. */
  #crowd: Map<string, number> | undefined
  /** The key asked for last, and its position. */
  #lastKey = NO_KEY
  #lastAt = NOWHERE
  /** Of the key looked for last: its hash, and a position that one with this hash has left. */
  #lastHash = 0
  #vacant = NOWHERE
  /** The position found last. */
  #cursor = NOWHERE

  constructor(entries: Iterable<readonly [string, T]> = []) {
    for (const [key, value] of entries) this.set(key, value)
  }

  get size(): number {
    return this.#size
  }

  get(key: string): T | undefined {
    const at = this.#find(key)
    return at < 0 ? undefined : this.#values[at]
  }

  has(key: string): boolean {
    return this.#find(key) >= 0
  }

  set(key: string, value: T): void {
    const at = this.#find(key)
    if (at >= 0) this.#values[at] = value
    else this.#add(key, value)
  }

  /** Answers what was there. */
  delete(key: string): T | undefined {
    const at = this.#find(key)
    if (at < 0) return undefined
    const value = this.#values[at]
    this.#keys[at] = NO_KEY
    this.#values[at] = undefined
    this.#size--
    this.#crowd?.delete(key)
    this.#lastKey = NO_KEY
    this.#lastAt = NOWHERE
    // A walk must not take longer than there are entries.
    if (this.#size < this.#keys.length / 4 && this.#keys.length > CAPACITY_MIN) this.#arrange()
    return value
  }

  /** The keys in the order they came; one that was deleted may come back to its old place. */
  keys(): readonly string[] {
    if (this.#size < this.#keys.length) this.#arrange()
    return this.#keys
  }

  /** The values, and perhaps `undefined` where a key was deleted. */
  values(): readonly (T | undefined)[] {
    return this.#values
  }

  /** The same keys with what `copied` makes of the values. */
  copy(copied: (value: T) => T): TextTable<T> {
    if (this.#size < this.#keys.length) this.#arrange()
    const copy = new TextTable<T>()
    copy.mayHoldMethods = this.mayHoldMethods
    copy.#keys = this.#keys.slice()
    const values = this.#values.slice()
    for (let at = 0; at < values.length; at++) values[at] = copied(values[at] as T)
    copy.#values = values
    copy.#size = this.#size
    copy.#capacity = this.#capacity
    copy.#hashes = this.#hashes.slice()
    copy.#index = this.#index.slice()
    copy.#crowd = this.#crowd && new Map(this.#crowd)
    return copy
  }

  #find(key: string): number {
    if (key === this.#lastKey) return this.#lastAt
    const next = this.#cursor + 1
    if (next < this.#keys.length && this.#keys[next] === key) {
      this.#lastKey = key
      this.#lastAt = next
      this.#cursor = next
      return next
    }
    return this.#search(key)
  }

  #search(key: string): number {
    const at = this.#searched(key)
    if (at >= 0) this.#cursor = at
    this.#remember(key, at)
    return at
  }

  #remember(key: string, at: number): void {
    const isShort = key.length <= SHORT_KEY_UNITS
    this.#lastKey = isShort ? key : NO_KEY
    this.#lastAt = isShort ? at : NOWHERE
  }

  #searched(key: string): number {
    if (this.#crowd !== undefined) return this.#crowd.get(key) ?? NOWHERE
    const index = this.#index
    if (index.length === 0) return this.#scanned(key)
    const hash = hashOf(key)
    this.#lastHash = hash
    this.#vacant = NOWHERE
    const keys = this.#keys
    const hashes = this.#hashes
    const mask = index.length - 1
    let probe = hash & mask
    let twins = 0
    for (let probes = 0; probes < PROBES_MAX && twins < TWINS_MAX; probes++) {
      const at = (index[probe] as number) - 1
      if (at < 0) return NOWHERE
      if (hashes[at] === hash) {
        if (keys[at] === key) return at
        if (keys[at] === NO_KEY) this.#vacant = at
        else twins++
      }
      probe = (probe + 1) & mask
    }
    return this.#gather().get(key) ?? NOWHERE
  }

  #scanned(key: string): number {
    const keys = this.#keys
    for (let at = 0; at < keys.length; at++) {
      if (keys[at] === key) return at
    }
    return NOWHERE
  }

  /** Adds a key that has just been looked for in vain. */
  #add(key: string, value: T): void {
    if (this.#keys.length >= this.#capacity) {
      this.#arrange()
      this.#searched(key)
    }
    const vacant = this.#vacant
    const at = vacant < 0 ? this.#keys.length : vacant
    if (this.#crowd !== undefined) this.#crowd.set(key, at)
    else if (vacant < 0 && this.#index.length > 0) this.#enter(at, this.#lastHash)
    this.#keys[at] = key
    this.#values[at] = value
    this.#vacant = NOWHERE
    this.#size++
    this.#cursor = at
    this.#remember(key, at)
  }

  /** Answers how far the position stands from where its hash would have it. */
  #enter(at: number, hash: number): number {
    const index = this.#index
    const mask = index.length - 1
    let probe = hash & mask
    let distance = 0
    while (index[probe] !== 0) {
      probe = (probe + 1) & mask
      distance++
    }
    this.#hashes[at] = hash
    index[probe] = at + 1
    return distance
  }

  /** Closes the gaps and makes room for as many keys again. */
  #arrange(): void {
    this.#closeGaps()
    const size = this.#size
    let capacity = CAPACITY_MIN
    while (capacity < size * 2) capacity *= 2
    this.#capacity = capacity
    this.#lastKey = NO_KEY
    this.#lastAt = NOWHERE
    this.#cursor = NOWHERE
    this.#vacant = NOWHERE
    if (this.#crowd === undefined) this.#spread(capacity)
    else this.#gather()
  }

  #closeGaps(): void {
    if (this.#size === this.#keys.length) return
    const keys: string[] = []
    const values: (T | undefined)[] = []
    for (let at = 0; at < this.#keys.length; at++) {
      const key = this.#keys[at] as string
      if (key === NO_KEY) continue
      // A key is never in front of where it was.
      if (this.#hashes.length > 0) this.#hashes[keys.length] = this.#hashes[at] as number
      keys.push(key)
      values.push(this.#values[at])
    }
    this.#keys = keys
    this.#values = values
  }

  /** A new index for the keys, which have no gaps. */
  #spread(capacity: number): void {
    const keys = this.#keys
    const known = this.#hashes
    this.#hashes = new Int32Array(capacity)
    this.#index = new Int32Array(capacity * 2)
    for (let at = 0; at < keys.length; at++) {
      const hash = known.length > 0 ? (known[at] as number) : hashOf(keys[at] as string)
      if (this.#enter(at, hash) >= PROBES_MAX) {
        this.#gather()
        return
      }
    }
  }

  /** Leaves the search to a `Map`. */
  #gather(): Map<string, number> {
    const crowd = new Map<string, number>()
    this.#keys.forEach((key, at) => {
      if (key !== NO_KEY) crowd.set(key, at)
    })
    this.#crowd = crowd
    this.#vacant = NOWHERE
    this.#hashes = NO_NUMBERS
    this.#index = NO_NUMBERS
    return crowd
  }
}

function hashOf(key: string): number {
  const { length } = key
  let hash = length
  const end = length <= SHORT_KEY_UNITS ? length : END_UNITS
  for (let i = 0; i < end; i++) hash = Math.imul(hash ^ key.charCodeAt(i), HASH_PRIME)
  if (end < length) {
    for (let i = length - END_UNITS; i < length; i++) {
      hash = Math.imul(hash ^ key.charCodeAt(i), HASH_PRIME)
    }
  }
  return hash ^ (hash >>> 15)
}
