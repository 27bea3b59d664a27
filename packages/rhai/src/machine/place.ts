/**
 * Where a value lives while a script may change it there.
 *
 * Arrays, maps and blobs are handles and change in place. Anything else that is reached through a
 * path (`list[0].trim()`, `number[3] = true`) is put into a {@link Slot}, which knows its owner and
 * writes the new value back.
 *
 * @module
 */

import type { CallContext } from '../runtime/call-context.ts'
import { setIndex } from '../runtime/indexing.ts'
import { Cell, RhaiArray, RhaiBlob, RhaiMap, type Value } from '../runtime/value.ts'

/** A variable that lives in a cell: shared with a closure, found by name, or bound to `this`. */
export class VariableCell extends Cell {
  /** Declared with `const`, or `this` of a call on a constant. */
  readonly isConstant: boolean
  /** A closure holds it too; from then on it is passed by value, as in the reference. */
  isShared = false
  /** A method of the value is running; a closure that holds it must not look at it then. */
  isLocked = false

  constructor(value: Value, isConstant = false) {
    super(value)
    this.isConstant = isConstant
  }
}

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

  /** Writes the value back to where it came from, and so on outwards. */
  store(context: CallContext): void {
    const owner = this.#owner
    if (owner instanceof Slot) {
      owner.value = setIndex(context, owner.value, this.#key, this.value)
      owner.store(context)
    } else if (isContainer(owner)) {
      setIndex(context, owner, this.#key, this.value)
    }
  }
}

/** A container to change in place, a slot, or a value that is no place at all. */
export type Place = Value | Slot

export function isContainer(value: Place): value is RhaiArray | RhaiMap | RhaiBlob {
  return value instanceof RhaiArray || value instanceof RhaiMap || value instanceof RhaiBlob
}

/** The value a place holds now. */
export function valueAt(place: Place): Value {
  return place instanceof Slot ? place.value : place
}

/** A variable as the start of a path: containers as they are, other values in a slot. */
export function placeOf(value: Value): Place {
  return isContainer(value) ? value : new Slot(value, undefined, undefined)
}
