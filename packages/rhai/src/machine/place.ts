/**
 * Where a value lives while a script may change it there.
 *
 * Arrays, maps and blobs are handles and change in place. Anything else that is reached through a
 * path (`list[0].trim()`, `number[3] = true`) is put into a {@link Slot}, which knows its owner and
 * writes the new value back.
 *
 * @module
 */

import { setProperty, TAG } from '../library/properties.ts'
import type { RhaiError } from '../rhai-error.ts'
import type { CallContext } from '../runtime/call-context.ts'
import { setIndex } from '../runtime/indexing.ts'
import { Cell, isContainer, RhaiBlob, type Value } from '../runtime/value.ts'
import { evaluationError, located, type PackedPosition } from './error/failure.ts'

/** A variable that lives in a cell: shared with a closure, found by name, or bound to `this`. */
export class VariableCell extends Cell {
  /** Declared with `const`, or `this` of a call on a constant. */
  readonly isConstant: boolean
  /** A closure holds it too; from then on it is passed by value, as in the reference. */
  isShared = false
  /** A chain of methods that starts at it is running; no closure may look at it then. */
  isLocked = false

  constructor(value: Value, isConstant = false) {
    super(value)
    this.isConstant = isConstant
  }
}

/**
 * Locks a shared variable for the rest of a chain; the answer goes back into `isLocked` at its end.
 */
export function lock(variable: VariableCell): boolean {
  const wasLocked = variable.isLocked
  if (variable.isShared) variable.isLocked = true
  return wasLocked
}

/**
 * Runs `work` while a look at any of `variables` that are locked is a data race. Rare, and so made
 * to cost other reads of variables nothing: a locked one loses its value for the time being.
 */
export function withoutLocked<T>(variables: readonly unknown[], work: () => T): T {
  const show = hideLocked(variables)
  try {
    return work()
  } finally {
    show()
  }
}

/** The same in two parts: what it answers ends it. */
export function hideLocked(variables: readonly unknown[]): () => void {
  const locked = variables.filter(isLocked)
  const values = locked.map((variable) => variable.value)
  for (const variable of locked) Object.defineProperty(variable, 'value', DATA_RACE)
  return () => {
    locked.forEach((variable, index) => {
      Object.defineProperty(variable, 'value', { ...PLAIN_PROPERTY, value: values[index] })
    })
  }
}

export function isLocked(item: unknown): item is VariableCell {
  return item instanceof VariableCell && item.isLocked
}

export function dataRace(where = ''): RhaiError {
  return evaluationError('ErrorDataRace', `Data race detected${where}`, 0)
}

const PLAIN_PROPERTY = { configurable: true, enumerable: true, writable: true }

const refuse = (): never => {
  throw dataRace()
}
const DATA_RACE = { configurable: true, enumerable: true, get: refuse, set: refuse }

/**
 * A value that is not a handle, inside a container or another slot; or, without owner, on its own.
 */
export class Slot extends Cell {
  readonly #owner: Place
  readonly #key: Value

  constructor(value: Value, owner: Place, key: Value) {
    super(value)
    this.#owner = owner
    this.#key = key
  }

  /**
   * A byte of a blob, a char of a string or bits of an integer: no value of its own. As in the
   * reference, what nested writes do to it is lost.
   */
  get isFragment(): boolean {
    return this.#owner instanceof Slot || this.#owner instanceof RhaiBlob
  }

  /** Whether what a script function does to it as `this` is lost. */
  get losesThis(): boolean {
    return this.isFragment
  }

  /** Writes the value back to where it came from, and so on outwards. */
  store(context: CallContext): void {
    const owner = this.#owner
    if (owner instanceof Slot) {
      owner.value = this.putInto(context, owner.value)
      owner.store(context)
    } else if (isContainer(owner)) {
      this.putInto(context, owner)
    }
  }

  /** Puts the value where it belongs in `owner`, and answers what that is then. */
  protected putInto(context: CallContext, owner: Value): Value {
    return setIndex(context, owner, this.#key, this.value)
  }
}

/** The tag of a value as the INT it is to a script, so that `x.tag[3] = true` can change it. */
export class TagSlot extends Slot {
  readonly #at: PackedPosition

  constructor(value: Value, owner: Place, at: PackedPosition) {
    super(value, owner, TAG)
    this.#at = at
  }

  override get isFragment(): boolean {
    return false
  }

  override get losesThis(): boolean {
    return true
  }

  protected override putInto(context: CallContext, owner: Value): Value {
    try {
      return setProperty(context, owner, TAG, this.value)
    } catch (error) {
      throw located(error, this.#at)
    }
  }
}

/** A container to change in place, a slot, or a value that is no place at all. */
export type Place = Value | Slot

/** The value a place holds now. */
export function valueAt(place: Place): Value {
  return place instanceof Slot ? place.value : place
}

/** A variable as the start of a path: containers as they are, other values in a slot. */
export function placeOf(value: Value): Place {
  return isContainer(value) ? value : new Slot(value, undefined, undefined)
}
