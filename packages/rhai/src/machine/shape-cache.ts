/**
 * What places of a script remember of the shapes of the maps they met.
 *
 * Emitted code makes one of these for each property it reads or writes and for each map literal. A
 * map of the shape met last is then read or written at a known position. A run's shapes end with
 * it, and so does what is remembered of them.
 *
 * @module
 */

import { nativeProperty } from '../library/registry.ts'
import { emptyMap, setEntry } from '../runtime/map-entries.ts'
import { Shape } from '../runtime/map-shape.ts'
import type { NativeOverloads } from '../runtime/native-function.ts'
import { RhaiMap, type Value } from '../runtime/value.ts'
import type { PackedPosition } from './error/failure.ts'
import type { RunState, ShapeCache } from './run-state.ts'

/** The shape of no map: stands where nothing has been met yet. */
const UNMET = new Shape(undefined, '', { count: 0 })

/** `.name` in a script. */
export class PropertySite implements ShapeCache {
  readonly run: RunState
  readonly name: string
  readonly at: PackedPosition
  /** What other values have under that name. */
  readonly getters: NativeOverloads | undefined
  /** The one property that loops ask for. */
  readonly isLength: boolean
  /** Maps of this shape hold the property at `position`, which is 0 when they do not hold it. */
  shape: Shape = UNMET
  position = 0
  /** Maps of the shape `before` get the shape `after` when the property is added. */
  before: Shape = UNMET
  after: Shape = UNMET

  constructor(run: RunState, name: string, at: PackedPosition) {
    this.run = run
    this.name = name
    this.at = at
    this.getters = nativeProperty(name)
    this.isLength = name === 'len'
    run.remember(this)
  }

  forget(): void {
    this.shape = UNMET
    this.before = UNMET
    this.after = UNMET
  }
}

/** The property of a map that is not of the shape met last. */
export function readNewShape(site: PropertySite, map: RhaiMap): Value {
  const { table, shape } = map
  if (table !== undefined) return table.get(site.name)
  site.position = shape.positionOf(site.name)
  site.shape = shape
  return map.slots[site.position]
}

/** Sets the property of a map that is writable, and may grow. */
export function storeNewShape(site: PropertySite, map: RhaiMap, value: Value): void {
  const { shape } = map
  if (shape === site.before) {
    map.slots.push(value)
    map.shape = site.after
    return
  }
  setEntry(map, site.name, value)
  if (map.table !== undefined) return
  if (map.shape === shape) {
    site.position = shape.positionOf(site.name)
    site.shape = shape
  } else {
    site.before = shape
    site.after = map.shape
  }
}

/** `#{...}` in a script. */
export class LiteralSite implements ShapeCache {
  readonly run: RunState
  readonly keys: readonly string[]
  readonly at: PackedPosition
  shape: Shape = UNMET

  constructor(run: RunState, keys: readonly string[], at: PackedPosition) {
    this.run = run
    this.keys = keys
    this.at = at
    run.remember(this)
  }

  forget(): void {
    this.shape = UNMET
  }
}

/** A map with the keys of a literal. `slots` has the value of the first at position 1. */
export function mapFromLiteral(site: LiteralSite, slots: Value[]): RhaiMap {
  if (site.shape !== UNMET) return new RhaiMap(site.shape, slots)
  const map = emptyMap(site.run.emptyShape)
  site.keys.forEach((key, index) => {
    setEntry(map, key, slots[index + 1])
  })
  if (map.table === undefined) site.shape = map.shape
  return map
}
