/**
 * Reading and writing through properties and indexes.
 *
 * Reads (`index`, `property`) answer the element itself, which the emitter copies where it is kept.
 * Writes go down with `indexPlace` and `propertyPlace`, which make each level writable on the way,
 * and end in `storeIndex` or `storeProperty`.
 *
 * @module
 */

import { missingProperty, setProperty, TAG } from '../library/properties.ts'
import { isInt } from '../runtime/arithmetic.ts'
import { copyValue, writableItems, writableMap } from '../runtime/copy.ts'
import { isSmall } from '../runtime/data-meter.ts'
import { getIndex, setIndex } from '../runtime/indexing.ts'
import { entryCount, getEntry, hasEntry } from '../runtime/map-entries.ts'
import { isShortKey } from '../runtime/map-metering.ts'
import { countChars } from '../runtime/metering.ts'
import { propertyNotWritable } from '../runtime/raise.ts'
import {
  type Cell,
  isContainer,
  RhaiArray,
  RhaiFloat,
  RhaiMap,
  typeNameOf,
  untagged,
  type Value,
} from '../runtime/value.ts'
import { evaluationError, located, type PackedPosition } from './error/failure.ts'
import { type Place, Slot, TagSlot, VariableCell, valueAt } from './place.ts'
import type { RunState } from './run-state.ts'
import { type PropertySite, readNewShape, storeNewShape } from './shape-cache.ts'

/** `receiver[key]`. `at` is where the key stands, `operatorAt` the bracket. */
export function index(
  run: RunState,
  receiver: Value,
  key: Value,
  at: PackedPosition,
  operatorAt: PackedPosition,
): Value {
  if (receiver instanceof RhaiArray && typeof key === 'number') {
    const { items } = receiver
    if (key >= 0 && key < items.length) return items[key]
  }
  return indexOther(run, receiver, key, at, operatorAt)
}

function indexOther(
  run: RunState,
  receiver: Value,
  key: Value,
  at: PackedPosition,
  operatorAt: PackedPosition,
): Value {
  if (receiver instanceof RhaiMap && isShortKey(key)) return getEntry(receiver, key)
  try {
    return getIndex(run, untagged(receiver), untagged(key))
  } catch (error) {
    throw locatedIndexing(error, at, operatorAt)
  }
}

/** `receiver.name`, not a call. */
export function property(site: PropertySite, receiver: Value): Value {
  if (receiver instanceof RhaiMap) {
    return receiver.shape === site.shape
      ? receiver.slots[site.position]
      : readNewShape(site, receiver)
  }
  return propertyOther(site, receiver)
}

function propertyOther(site: PropertySite, receiver: Value): Value {
  const { run, at } = site
  if (site.isLength) {
    if (receiver instanceof RhaiArray) return receiver.items.length
    if (typeof receiver === 'string') {
      run.at = at
      return countChars(run, receiver)
    }
  }
  const getter = site.getters?.find1(receiver)
  if (getter === undefined) throw located(missingProperty(site.name, receiver), at)
  run.at = at
  try {
    return getter.call(run, receiver)
  } catch (error) {
    throw located(error, at)
  }
}

/** The element at `key`, where it can be changed in place. */
export function indexPlace(
  run: RunState,
  owner: Place,
  key: Value,
  at: PackedPosition,
  operatorAt: PackedPosition,
): Place {
  const value = elementForUpdate(run, owner, key, at, operatorAt)
  return isContainer(value) ? value : new Slot(value, owner, key)
}

/** The raw element at `key` of something writable, about to be replaced or changed. */
export function elementForUpdate(
  run: RunState,
  owner: Place,
  key: Value,
  at: PackedPosition,
  operatorAt: PackedPosition,
): Value {
  if (owner instanceof RhaiArray) {
    if (owner.shared) writableItems(run, owner)
    return index(run, owner, key, at, operatorAt)
  }
  if (owner instanceof RhaiMap && owner.shared) writableMap(run, owner)
  return index(run, valueAt(owner), key, at, operatorAt)
}

/** The property `name`, where it can be changed in place. */
export function propertyPlace(site: PropertySite, owner: Place): Place {
  const value = propertyForUpdate(site, owner)
  if (isContainer(value)) return value
  const { name, at } = site
  if (!(owner instanceof RhaiMap)) return name === TAG ? new TagSlot(value, owner, at) : value
  return hasEntry(owner, name) ? new Slot(value, owner, name) : value
}

/** The raw property of something writable, about to be replaced or changed. */
export function propertyForUpdate(site: PropertySite, owner: Place): Value {
  if (owner instanceof RhaiMap) {
    if (owner.shared) writableMap(site.run, owner)
    return property(site, owner)
  }
  return propertyOther(site, valueAt(owner))
}

/** Puts `value` at `key` of the thing at `owner`, which must be a place and not a variable. */
export function storeIndex(
  run: RunState,
  owner: Place,
  key: Value,
  value: Value,
  at: PackedPosition,
  operatorAt: PackedPosition,
  assignAt: PackedPosition,
): void {
  if (typeof key === 'number' && isPlainArray(run, owner, value)) {
    const { items } = owner
    if (key >= 0 && key < items.length) {
      items[key] = value
      return
    }
  }
  const changed = withIndex(run, valueAt(owner), key, value, at, operatorAt, assignAt)
  if (owner instanceof Slot && !owner.isFragment) {
    owner.value = changed
    owner.store(run)
  }
}

/**
 * `variable[key] = value`: what the variable holds then. If not even reading works, that is the
 * error; otherwise the value does not fit, which is reported at the assignment operator.
 */
export function withIndex(
  run: RunState,
  receiver: Value,
  key: Value,
  value: Value,
  at: PackedPosition,
  operatorAt: PackedPosition,
  assignAt: PackedPosition,
): Value {
  if (typeof key === 'number' && isPlainArray(run, receiver, value)) {
    const { items } = receiver
    if (key >= 0 && key < items.length) {
      items[key] = value
      return receiver
    }
  }
  return withOtherIndex(run, receiver, key, value, at, operatorAt, assignAt)
}

/** Whether items can be replaced with `value` and nobody be told. */
function isPlainArray(run: RunState, owner: Place, value: Value): owner is RhaiArray {
  if (!(owner instanceof RhaiArray) || owner.shared) return false
  return run.dataMeter === undefined || isSmall(value)
}

function withOtherIndex(
  run: RunState,
  receiver: Value,
  key: Value,
  value: Value,
  at: PackedPosition,
  operatorAt: PackedPosition,
  assignAt: PackedPosition,
): Value {
  try {
    return setIndex(run, receiver, key, value)
  } catch (error) {
    if (isMissingIndexer(error)) throw locatedIndexing(error, at, operatorAt)
    index(run, receiver, key, at, operatorAt)
    throw located(error, assignAt)
  }
}

/** Puts `value` into the property `name` of the thing at `owner`. */
export function storeProperty(site: PropertySite, owner: Place, value: Value): void {
  const { run } = site
  if (owner instanceof RhaiMap && !owner.shared) {
    const { dataMeter, limits } = run
    if (owner.shape === site.shape && site.position > 0) {
      const replaced = owner.slots[site.position]
      owner.slots[site.position] = value
      if (dataMeter !== undefined && !isSmall(value)) counted(site, owner, value, replaced)
      return
    }
    if (limits.mapEntriesMax === 0 || entryCount(owner) < limits.mapEntriesMax) {
      const replaced = dataMeter === undefined ? undefined : getEntry(owner, site.name)
      storeNewShape(site, owner, value)
      if (dataMeter !== undefined) counted(site, owner, value, replaced)
      return
    }
  }
  storeOtherProperty(site, owner, value)
}

function counted(site: PropertySite, owner: RhaiMap, value: Value, replaced: Value): void {
  try {
    site.run.dataMeter?.setEntry(owner, site.name, value, replaced)
  } catch (error) {
    throw located(error, site.at)
  }
}

function storeOtherProperty(site: PropertySite, owner: Place, value: Value): void {
  const { run, at } = site
  let changed: Value
  try {
    changed = setProperty(run, valueAt(owner), site.name, value)
  } catch (error) {
    throw located(error, at)
  }
  if (owner instanceof Slot) {
    owner.value = changed
    owner.store(run)
  }
}

/** Refuses to write to or through a constant variable that is only known at run time. */
export function writable(
  cell: Cell,
  name: string,
  at: PackedPosition,
  tagAt?: PackedPosition,
): void {
  if (!(cell instanceof VariableCell) || !cell.isConstant) return
  if (tagAt === undefined || cell.value instanceof RhaiMap) throw constantAssigned(name, at)
  throw constantTagged(tagAt)
}

/** A write to a property of `owner`, which is the constant `name` or part of it. @throws always */
export function constantPropertyChanged(
  site: PropertySite,
  owner: Value,
  value: Value,
  name: string,
  rootAt: PackedPosition,
): never {
  if (owner instanceof RhaiMap) throw constantAssigned(name, rootAt)
  if (site.name === TAG && isInt(untagged(value))) throw constantTagged(site.at)
  throw located(propertyNotWritable(site.name, typeNameOf(owner), typeNameOf(value)), site.at)
}

/**
 * `constant[key] = value`. On a string or an integer the reference lets it pass and changes
 * nothing anyone can see; on a container it is refused.
 */
export function constantChanged(value: Value, name: string, at: PackedPosition): void {
  const plain = untagged(value)
  if (typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'bigint') return
  throw constantAssigned(name, at)
}

export function constantAssigned(name: string, at: PackedPosition): unknown {
  const text = `Cannot modify constant ${name}`
  return evaluationError('ErrorAssignmentToConstant', text, at)
}

function constantTagged(at: PackedPosition): unknown {
  const text = `Cannot modify property '${TAG}' of constant`
  return evaluationError('ErrorNonPureMethodCallOnConstant', text, at)
}

/** A value as something of its own. */
export function copy(value: Value): Value {
  return typeof value !== 'object' || value instanceof RhaiFloat ? value : copyValue(value)
}

/** An unknown type of receiver is reported at the bracket, a bad key where the key stands. */
function locatedIndexing(error: unknown, at: PackedPosition, operatorAt: PackedPosition): unknown {
  return located(error, isMissingIndexer(error) ? operatorAt : at)
}

function isMissingIndexer(error: unknown): boolean {
  return (error as { kind?: string }).kind === 'ErrorIndexingType'
}
