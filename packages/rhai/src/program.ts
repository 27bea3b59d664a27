/**
 * A compiled script made runnable.
 *
 * A program may be run any number of times; the runs share nothing. It is either idle or running:
 * a run that is started from inside another one (by a host function) gets an instance of its own.
 *
 * @module
 */

import { asRhaiError, ExitSignal } from './machine/error/failure.ts'
import type { Run, RunOutput } from './machine/run.ts'
import type { RunLimits } from './runtime/call-context.ts'
import { type PlainValue, untagged, type Value } from './runtime/value.ts'

export interface RunOptions {
  /** Values of the variables named at compilation; missing ones are not defined. */
  readonly globals?: Readonly<Record<string, PlainValue>>
  readonly limits?: Partial<RunLimits>
  print?(text: string): void
  debug?(text: string, line: number, column: number): void
}

export interface RunResult {
  readonly value: PlainValue
  /** Work done, in the unit `operationsMax` limits. */
  readonly operations: number
}

/** The limits of a run that does not say otherwise. Zero means none. */
export const RUN_LIMITS: RunLimits = {
  operationsMax: 0,
  callDepthMax: 64,
  stringBytesMax: 0,
  arrayItemsMax: 0,
  mapEntriesMax: 0,
}

/** What one evaluation of emitted code gives. */
export interface Instance {
  readonly run: Run
  readonly main: (depth: number) => Value
}

export class Program {
  readonly #instantiate: () => Instance
  #instance: Instance | undefined
  #isRunning = false

  /** Use `CompiledScript.instantiate`. */
  constructor(instantiate: () => Instance) {
    this.#instantiate = instantiate
  }

  /** Runs the script to its end. @throws RhaiError in phase `eval` */
  run(options: RunOptions = {}): RunResult {
    if (this.#isRunning) return execute(this.#instantiate(), options)
    this.#isRunning = true
    try {
      this.#instance ??= this.#instantiate()
      return execute(this.#instance, options)
    } finally {
      this.#isRunning = false
    }
  }
}

function execute({ run, main }: Instance, options: RunOptions): RunResult {
  const limits = { ...RUN_LIMITS, ...options.limits }
  run.begin(limits, new Map(Object.entries(options.globals ?? {})), outputOf(options))
  try {
    return { value: untagged(main(0)), operations: run.operations }
  } catch (error) {
    if (error instanceof ExitSignal)
      return { value: untagged(error.value), operations: run.operations }
    const failure = asRhaiError(error)
    failure.operations = run.operations
    throw failure
  } finally {
    run.end()
  }
}

function outputOf(options: RunOptions): RunOutput {
  return {
    print: (text) => options.print?.(text),
    debug: (text, line, column) => options.debug?.(text, line, column),
  }
}
