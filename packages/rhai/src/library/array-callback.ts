/**
 * Callbacks on the elements of an array, one after the other.
 *
 * A callback that takes the element as `this` may replace it, and then the array changes; any other
 * sees the array as it was when the walk began.
 *
 * @module
 */
import type { CallContext } from '../runtime/call-context.ts'
import { copyValue, writableItems } from '../runtime/copy.ts'
import {
  Cell,
  type FunctionPointer,
  type RhaiArray,
  untagged,
  type Value,
} from '../runtime/value.ts'
import { Callback, type CallbackShape } from './callback.ts'

export class ArrayCallback {
  readonly #context: CallContext
  readonly #array: RhaiArray
  readonly #items: readonly Value[]
  readonly #callback: Callback

  constructor(context: CallContext, array: RhaiArray, pointer: FunctionPointer, caller: string) {
    this.#context = context
    this.#array = array
    this.#callback = new Callback(context, pointer, shapeFor(caller))
    if (this.#callback.mayReplaceElement) {
      this.#items = writableItems(context, array)
    } else {
      array.shared = true
      this.#items = array.items
    }
  }

  get length(): number {
    return this.#items.length
  }

  /** What the callback answers for the element at an index. */
  at(index: number): Value {
    this.#context.charge(1)
    if (this.#callback.mayReplaceElement) return this.#onElement(index)
    return this.#callback.callOnItem(copyValue(this.#items[index]), index)
  }

  /** Puts what the callback answers for each element into `results`. */
  collect(results: Value[]): void {
    if (this.#callback.walk('collect', this.#items, results) !== undefined) return
    for (let i = 0; i < results.length; i++) results[i] = this.at(i)
  }

  /** Puts the elements for which the callback answers true into `kept`, and answers how many. */
  select(kept: Value[]): number {
    const selected = this.#callback.walk('select', this.#items, kept)
    if (selected !== undefined) return selected
    let count = 0
    for (let i = 0; i < this.length; i++) {
      if (this.isTrueAt(i)) kept[count++] = copyValue(this.itemAt(i))
    }
    return count
  }

  /** Where from `start` on the callback first answers true, or not true; else how many there are. */
  findTrue(start = 0): number {
    return this.#find(true, start)
  }

  findUntrue(): number {
    return this.#find(false, 0)
  }

  #find(wanted: boolean, start: number): number {
    const answers: Value[] = [undefined]
    let index = start
    for (;;) {
      const found = this.#callback.walk('search', this.#items, answers, index, !wanted)
      if (found === undefined) break
      // What is no boolean, or has a tag, is looked at here.
      if (found >= this.length || (untagged(answers[0]) === true) === wanted) return found
      index = found + 1
    }
    while (index < this.length && this.isTrueAt(index) !== wanted) index++
    return index
  }

  /** `at` for a callback that may wait. */
  async atLater(index: number): Promise<Value> {
    this.#context.charge(1)
    if (!this.#callback.mayReplaceElement) {
      return this.#callback.callLater(new Cell(copyValue(this.#items[index])), [], [index])
    }
    const cell = new Cell(writableItems(this.#context, this.#array)[index])
    try {
      return await this.#callback.callLater(cell, [], [index])
    } finally {
      this.#store(cell, index)
    }
  }

  /** The element at an index as it is now. */
  itemAt(index: number): Value {
    return this.#callback.mayReplaceElement ? this.#array.items[index] : this.#items[index]
  }

  /** Whether the callback answers true; anything but a boolean counts as false. */
  isTrueAt(index: number): boolean {
    const answer = this.at(index)
    return typeof answer === 'boolean' ? answer : untagged(answer) === true
  }

  async isTrueAtLater(index: number): Promise<boolean> {
    return untagged(await this.atLater(index)) === true
  }

  #onElement(index: number): Value {
    const cell = new Cell(writableItems(this.#context, this.#array)[index])
    try {
      return this.#callback.callOn(cell, index)
    } finally {
      this.#store(cell, index)
    }
  }

  #store(cell: Cell, index: number): void {
    const { items } = this.#array
    const replaced = items[index]
    if (index < items.length && replaced !== cell.value) {
      writableItems(this.#context, this.#array)[index] = cell.value
      this.#context.dataMeter?.replace(this.#array, cell.value, replaced)
    } else {
      this.#context.dataMeter?.check(this.#array)
    }
  }
}

function shapeFor(caller: string): CallbackShape {
  return caller === 'for_each'
    ? { caller, args: 0, extras: 1 }
    : { caller, args: 0, extras: 1, elementAt: 0 }
}
