/**
 * Calls back into the script from library functions such as `map` and `reduce`.
 *
 * The number of parameters of a closure decides what it is given: exactly the arguments, with the
 * element as `this`; the element among them; or also what is extra, such as the index. A pointer
 * that is only a name is tried in the same order until a function fits.
 * Invariant: a call that finds no function fails with `ErrorInFunctionCall` of the library function.
 *
 * In an asynchronous script a callback may wait for the host; for that, every library function that
 * calls back has a twin in `later/`.
 *
 * @module
 */
import { RhaiError } from '../rhai-error.ts'
import type { CallContext, ItemLoopKind, PreparedCall } from '../runtime/call-context.ts'
import { chargeCaught } from '../runtime/metering.ts'
import { inFunctionCall } from '../runtime/raise.ts'
import { Cell, type FunctionPointer, type Value } from '../runtime/value.ts'

/** What a library function can give to its callback, at most three values in all. */
export interface CallbackShape {
  /** Name of the library function, for errors. */
  readonly caller: string
  /** How many arguments are always given. */
  readonly args: 0 | 1 | 2
  /** How many more are given to a callback that takes them. */
  readonly extras: 0 | 1
  /** Where among the arguments the element goes when it is not bound to `this`. */
  readonly elementAt?: number
}

/** Looking for a function of the right kind, beyond calling it. */
const SEARCH = 4

type Form = 'this' | 'element' | 'element and extras' | 'this and extras'

export class Callback {
  readonly #context: CallContext
  readonly #pointer: FunctionPointer
  readonly #shape: CallbackShape
  readonly #form: Form | 'search'
  readonly #call: PreparedCall

  constructor(context: CallContext, pointer: FunctionPointer, shape: CallbackShape) {
    this.#context = context
    this.#pointer = pointer
    this.#shape = shape
    this.#form = formFor(pointer, shape)
    this.#call = preparedCall(context, pointer, argumentCountOf(this.#form, shape))
  }

  /** Whether the element is bound to `this`, so that the callback may replace it. */
  get mayReplaceElement(): boolean {
    return this.#form !== 'element' && this.#form !== 'element and extras'
  }

  /** Calls on an element that the callback cannot replace; only for shapes without arguments. */
  callOnItem(item: Value, index: number): Value {
    return this.#form === 'element'
      ? this.#call.call1(undefined, item)
      : this.#call.call2(undefined, item, index)
  }

  /** Calls on one item after the other, see {@link PreparedCall.walk}. */
  walk(
    kind: ItemLoopKind,
    items: readonly Value[],
    results: Value[],
    from?: number,
    given?: Value,
  ): number | undefined {
    if (this.#form !== 'element') return undefined
    return this.#call.walk(kind, items, results, from, given)
  }

  /** Calls on an element as `this`; only for shapes without arguments. */
  callOn(element: Cell, index: number): Value {
    switch (this.#form) {
      case 'this':
        return this.#call.call0(element)
      case 'this and extras':
        return this.#call.call1(element, index)
      default:
        return this.call(element, [], [index])
    }
  }

  /**
   * Calls with the element, which it cannot replace, behind one argument; only for shapes that put it
   * there.
   */
  callAfter(argument: Value, item: Value, index: number): Value {
    switch (this.#form) {
      case 'element':
        return this.#call.call2(undefined, argument, item)
      case 'element and extras':
        return this.#call.call3(undefined, argument, item, index)
      default:
        return this.call(new Cell(item), [argument], [index])
    }
  }

  /** Calls with one element; `args` and `extras` are as many as the shape says. */
  call(element: Cell | undefined, args: readonly Value[], extras: readonly Value[]): Value {
    return this.#form === 'search'
      ? this.#search(element, args, extras)
      : this.#callAs(this.#form, element, args, extras)
  }

  /** Tries one form after the other until a function takes the arguments. */
  #search(element: Cell | undefined, args: readonly Value[], extras: readonly Value[]): Value {
    const [last, ...others] = this.#searched()
    try {
      for (const form of others) {
        try {
          return this.#callAs(form, element, args, extras)
        } catch (error) {
          this.#expectMissing(error)
        }
      }
      return this.#callAs(last, element, args, extras)
    } catch (error) {
      throw this.#searchFailed(error)
    }
  }

  /** `call` for a callback that may wait. */
  async callLater(
    element: Cell | undefined,
    args: readonly Value[],
    extras: readonly Value[],
  ): Promise<Value> {
    if (this.#form !== 'search') return this.#callLaterAs(this.#form, element, args, extras)
    const [last, ...others] = this.#searched()
    try {
      for (const form of others) {
        try {
          return await this.#callLaterAs(form, element, args, extras)
        } catch (error) {
          this.#expectMissing(error)
        }
      }
      return await this.#callLaterAs(last, element, args, extras)
    } catch (error) {
      throw this.#searchFailed(error)
    }
  }

  #callAs(
    form: Form,
    element: Cell | undefined,
    args: readonly Value[],
    extras: readonly Value[],
  ): Value {
    const given = this.#argumentsFor(form, element, args, extras)
    return this.#context.callFunctionPointer(this.#pointer, given, thisFor(form, element))
  }

  #callLaterAs(
    form: Form,
    element: Cell | undefined,
    args: readonly Value[],
    extras: readonly Value[],
  ): Promise<Value> {
    const given = this.#argumentsFor(form, element, args, extras)
    return this.#context.callFunctionPointerLater(this.#pointer, given, thisFor(form, element))
  }

  #argumentsFor(
    form: Form,
    element: Cell | undefined,
    args: readonly Value[],
    extras: readonly Value[],
  ): readonly Value[] {
    switch (form) {
      case 'this':
        return args
      case 'this and extras':
        return [...args, ...extras]
      case 'element':
        return this.#withElement(element, args)
      case 'element and extras':
        return this.#withElement(element, [...args, ...extras])
    }
  }

  #withElement(element: Cell | undefined, args: readonly Value[]): readonly Value[] {
    const { elementAt } = this.#shape
    return element === undefined || elementAt === undefined
      ? args
      : args.toSpliced(elementAt, 0, element.value)
  }

  /** The forms to try when only a name is known, the last one first. */
  #searched(): readonly [Form, ...Form[]] {
    this.#context.charge(SEARCH)
    return this.#shape.elementAt === undefined
      ? ['this and extras', 'this']
      : ['element and extras', 'this', 'element']
  }

  /** Goes on to the next form if there is no function for the last one. */
  #expectMissing(error: unknown): void {
    const { name } = this.#pointer
    if (!isMissingFunction(error, name)) throw error
    chargeCaught(this.#context, name)
  }

  #searchFailed(error: unknown): unknown {
    return error instanceof RhaiError ? inFunctionCall(error, this.#shape.caller) : error
  }
}

function thisFor(form: Form, element: Cell | undefined): Cell | undefined {
  return form === 'this' || form === 'this and extras' ? element : undefined
}

/** A comparer that failed has no opinion. @throws the error if it ends the run, whoever fails */
export function ignoreFailure(context: CallContext, error: unknown): void {
  if (!(error instanceof RhaiError) || error.endsRun) throw error
  chargeCaught(context, error.text)
}

/** Calls of a pointer with so many arguments, as fast as can be. */
export function preparedCall(
  context: CallContext,
  pointer: FunctionPointer,
  argumentCount: number,
): PreparedCall {
  return context.prepareCall(pointer, argumentCount) ?? new PointerCall(context, pointer)
}

/** Calls that look for the function each time. */
class PointerCall implements PreparedCall {
  readonly #context: CallContext
  readonly #pointer: FunctionPointer

  constructor(context: CallContext, pointer: FunctionPointer) {
    this.#context = context
    this.#pointer = pointer
  }

  call0(self: Cell | undefined): Value {
    return this.#call(self, [])
  }

  call1(self: Cell | undefined, first: Value): Value {
    return this.#call(self, [first])
  }

  call2(self: Cell | undefined, first: Value, second: Value): Value {
    return this.#call(self, [first, second])
  }

  call3(self: Cell | undefined, first: Value, second: Value, third: Value): Value {
    return this.#call(self, [first, second, third])
  }

  walk(): undefined {
    return undefined
  }

  merge(): boolean {
    return false
  }

  #call(self: Cell | undefined, args: readonly Value[]): Value {
    return this.#context.callFunctionPointer(this.#pointer, args, self)
  }
}

/** Whether an error says that no function of this name takes the arguments. */
function isMissingFunction(error: unknown, name: string): boolean {
  return (
    error instanceof RhaiError &&
    error.kind === 'ErrorFunctionNotFound' &&
    error.text.startsWith(`Function not found: ${name}`)
  )
}

function formFor(pointer: FunctionPointer, shape: CallbackShape): Form | 'search' {
  const { target } = pointer
  if (target === undefined) return 'search'
  const free = target.arity - pointer.curried.length
  if (free === shape.args) return 'this'
  if (shape.elementAt !== undefined) {
    if (free === shape.args + 1) return 'element'
    if (free === shape.args + shape.extras + 1) return 'element and extras'
  }
  return free === shape.args + shape.extras ? 'this and extras' : 'search'
}

function argumentCountOf(form: Form | 'search', { args, extras }: CallbackShape): number {
  switch (form) {
    case 'this':
    case 'search':
      return args
    case 'element':
      return args + 1
    case 'this and extras':
      return args + extras
    case 'element and extras':
      return args + extras + 1
  }
}
