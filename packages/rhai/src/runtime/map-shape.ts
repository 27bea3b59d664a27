/**
 * Which keys a map has, told apart from what it holds under them.
 *
 * Maps that got the same keys in the same order share one {@link Shape}, so a map is its shape and a
 * list of values, copying it is copying the list, and whoever has met a shape before knows where a
 * key's value stands. Shapes form a tree: each adds one key to its parent. What can be derived from
 * the keys alone, such as their order for scripts, is worked out once for each shape.
 *
 * A tree is bounded, whatever keys a script makes up: beyond the bounds there is no shape, and the
 * map keeps its entries in a table of its own. A run has a tree of its own, which ends with it.
 * Knows nothing of values.
 *
 * @module
 */
import { compareText } from './map-keys.ts'
import { isPlain, quotedText } from './quoted-text.ts'

/** More keys are a collection rather than a record. */
const KEYS_MAX = 64
/** In one tree. */
const SHAPES_MAX = 1024
/** Longer keys are data, and a tree keeps its keys until the run ends. */
const KEY_UNITS_MAX = 64
/** Up to here it is faster to compare keys one by one. */
const SCAN_MAX = 8

/** The keys of a map in the order scripts see them, and where their values stand. */
export interface SortedKeys {
  readonly keys: readonly string[]
  readonly positions: readonly number[]
  /** What stands between the values of a JSON object: `{"a":`, `,"b":` and so on. */
  readonly json: readonly string[]
}

export class Shape {
  readonly size: number
  /** Length of all keys, in UTF-16 units. */
  readonly keyUnits: number
  /** The key added last. */
  readonly key: string
  /** Whether JSON shows the key as it is, in ASCII and without escapes. */
  readonly hasPlainKey: boolean
  readonly #parent: Shape | undefined
  readonly #tree: { count: number }
  #latest: Shape | undefined
  #children: Map<string, Shape> | undefined
  #keys: readonly string[] | undefined
  #positions: Map<string, number> | undefined
  #sorted: SortedKeys | undefined

  /** Use {@link newShapeTree} and {@link Shape.with}. */
  constructor(parent: Shape | undefined, key: string, tree: { count: number }) {
    this.#parent = parent
    this.key = key
    this.hasPlainKey = isPlain(key)
    this.size = parent === undefined ? 0 : parent.size + 1
    this.keyUnits = parent === undefined ? 0 : parent.keyUnits + key.length
    this.#tree = tree
  }

  /** The keys in the order they came; the value of the first stands at position 1. */
  get keys(): readonly string[] {
    this.#keys ??= this.#parent === undefined ? [] : [...this.#parent.keys, this.key]
    return this.#keys
  }

  /** Where the value of a key stands; 0 when there is none. */
  positionOf(key: string): number {
    const keys = this.#keys ?? this.keys
    if (keys.length > SCAN_MAX) return this.#positionInTable(keys, key)
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] === key) return i + 1
    }
    return 0
  }

  /** The shape with one more key, which must be new; undefined beyond the bounds. */
  with(key: string): Shape | undefined {
    const latest = this.#latest
    if (latest !== undefined && latest.key === key) return latest
    const child = this.#children?.get(key) ?? this.#grow(key)
    if (child !== undefined) this.#latest = child
    return child
  }

  /** The shape that was asked for last by {@link Shape.with}: likely the one wanted next. */
  get latest(): Shape | undefined {
    return this.#latest
  }

  /** The shape without one of the keys; undefined when only a table would do. */
  without(key: string): Shape | undefined {
    if (key === this.key) return this.#parent
    if (this.size > SCAN_MAX) return undefined
    return this.#parent?.without(key)?.with(this.key)
  }

  get sorted(): SortedKeys {
    this.#sorted ??= sortedKeysOf(this.keys)
    return this.#sorted
  }

  #grow(key: string): Shape | undefined {
    const tree = this.#tree
    if (this.size >= KEYS_MAX || tree.count >= SHAPES_MAX || key.length > KEY_UNITS_MAX) {
      return undefined
    }
    tree.count++
    const child = new Shape(this, key, tree)
    this.#children ??= new Map()
    this.#children.set(key, child)
    return child
  }

  #positionInTable(keys: readonly string[], key: string): number {
    this.#positions ??= new Map(keys.map((each, index) => [each, index + 1]))
    return this.#positions.get(key) ?? 0
  }
}

/** The shape without keys that a new tree grows from. */
export function newShapeTree(): Shape {
  return new Shape(undefined, '', { count: 0 })
}

/** The shape of every map that has a table of its own. Nothing grows from it. */
export const TABLE_SHAPE = new Shape(undefined, '', { count: SHAPES_MAX })

function sortedKeysOf(keys: readonly string[]): SortedKeys {
  const positions = keys.map((_, index) => index + 1)
  positions.sort((left, right) => compareText(keys[left - 1] ?? '', keys[right - 1] ?? ''))
  const sorted = positions.map((position) => keys[position - 1] ?? '')
  return { keys: sorted, positions, json: jsonKeys(sorted) }
}

/** What stands between the values of a JSON object with these keys. */
function jsonKeys(keys: readonly string[]): readonly string[] {
  return keys.map((key, index) => `${index === 0 ? '{' : ','}${quotedText(key)}:`)
}
