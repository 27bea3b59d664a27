/**
 * What a running script offers to the functions it calls: limits, the meter, output, and calls
 * back into the script.
 *
 * The engine implements it; operators, the library and host functions only see this. A function
 * charges operations in proportion to the data it walks, so that no single call escapes the meter.
 *
 * @module
 */
import type { DataMeter } from './data-meter.ts'
import type { Shape } from './map-shape.ts'
import type { Cell, FunctionHome, FunctionPointer, Value } from './value.ts'

/** The limits of one run, see `docs/reference/rhai-limits.md`. Zero means no limit. */
export interface RunLimits {
  /** Work of the whole run, in operations: about one for each part of an expression. */
  readonly operationsMax: number
  /** Calls inside each other. */
  readonly callDepthMax: number
  /** Variables one call can have in scope. */
  readonly variablesMax: number
  /** Length of a string in UTF-16 units, which are never more than its bytes, or of a blob. */
  readonly stringBytesMax: number
  readonly arrayItemsMax: number
  readonly mapEntriesMax: number
  /** What an array or map holds, with all that is inside it, as `data-meter.ts` counts it. */
  readonly dataBytesMax: number
  /** How often scripts may import, repeated imports counted. */
  readonly modulesMax: number
  /** All text of `print` and `debug`, in UTF-8. */
  readonly outputBytesMax: number
  /** Calls of `print` and `debug`. */
  readonly outputEntriesMax: number
}

/**
 * A pointer made ready for many calls: `this`, then the arguments. Methods and no function, because
 * JavaScript compiles a call of a method it knows into the loop around it.
 */
export interface PreparedCall {
  call0(self: Cell | undefined): Value
  call1(self: Cell | undefined, first: Value): Value
  call2(self: Cell | undefined, first: Value, second: Value): Value
  call3(self: Cell | undefined, first: Value, second: Value, third: Value): Value

  /**
   * Calls on one item after the other in a loop that was made for this function; undefined if it has
   * none of that kind. @returns what the kind says
   */
  walk(
    kind: ItemLoopKind,
    items: readonly Value[],
    results: Value[],
    from?: number,
    given?: Value,
  ): number | undefined

  /** Likewise; merges two sorted runs of `items` into the same places of `results`. */
  merge(items: readonly Value[], results: Value[], runs: Runs): boolean
}

/**
 * `collect` puts all answers into the results. `select` puts those items there that the answer is
 * true for, and answers how many. `search` ends at the first answer that is not what is given,
 * which is then the first result; it answers where that was, or how many items there are. `fold`
 * starts from what is given and hands each answer to the next call; the first result is the last one.
 */
export type ItemLoopKind = 'collect' | 'select' | 'search' | 'fold'

/** Two runs beside each other: from `start`, and from `middle` up to `end`. */
export interface Runs {
  readonly start: number
  readonly middle: number
  readonly end: number
}

export interface CallContext {
  readonly limits: RunLimits

  /** Counts what goes into containers; undefined when that is not limited. */
  readonly dataMeter: DataMeter | undefined

  /** The shape without keys that the run's maps start from. */
  readonly emptyShape: Shape

  /** The script in which the call being made stands; it may name functions by text. */
  readonly home: FunctionHome

  /** Aborted when the run is cancelled; a host function that waits should give up then. */
  readonly signal: AbortSignal | undefined

  /** What the program gave to the run for its host functions. */
  readonly hostData: unknown

  /** Asks the host and waits for its answer, or for the run to be cancelled. */
  waitFor(ask: () => Promise<Value>): Promise<Value>

  /** Work of the run so far, in operations. */
  readonly operations: number

  /** Counts work against the operations limit. @throws RhaiError beyond it. */
  charge(operations: number): void

  /**
   * Calls a function by pointer, curried arguments first. `thisCell` is bound to `this` in a
   * script function, and is the first argument of a native one.
   * @throws RhaiError `ErrorFunctionNotFound` when nothing takes these arguments.
   */
  callFunctionPointer(pointer: FunctionPointer, args: readonly Value[], thisCell?: Cell): Value

  /**
   * The same for functions that may wait for the host. Only for library and host functions that
   * answer later themselves, and one call at a time: a script never runs beside itself.
   */
  callFunctionPointerLater(
    pointer: FunctionPointer,
    args: readonly Value[],
    thisCell?: Cell,
  ): Promise<Value>

  /**
   * The same for many calls with so many arguments, which must be a script function's own number;
   * undefined when that is not so, or when there is nothing to gain. Lives as long as the library
   * call that asked for it.
   */
  prepareCall(pointer: FunctionPointer, argumentCount: number): PreparedCall | undefined

  /**
   * The value of a JSON text that is more than JSON: of an expression of the language, alone, with
   * `null` for `()` and `{` for `#{`.
   */
  evaluateJson(text: string): Value

  /** The output of `print`. */
  print(text: string): void

  /** The output of `debug`; the engine adds the position of the call. */
  debug(text: string): void

  /** Milliseconds of the run's monotonic clock, for `timestamp()`. */
  now(): number
}
