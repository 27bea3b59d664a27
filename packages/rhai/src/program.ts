/**
 * A compiled script made runnable.
 *
 * A program may be run any number of times; the runs share nothing. It is either idle or running:
 * a run that is started from inside another one (by a host function) gets an instance of its own.
 *
 * @module
 */

import { asRhaiError, ExitSignal } from './machine/error/failure.ts'
import { type ModuleResolver, NO_MODULES } from './machine/module/module-resolver.ts'
import type { Run, RunInput, RunOutput } from './machine/run.ts'
import type { RunLimits } from './runtime/call-context.ts'
import { type PlainValue, untagged, type Value } from './runtime/value.ts'
import { checkedValue } from './runtime/value-check.ts'

export interface RunOptions {
  /** Values of the variables named at compilation; missing ones are not defined. */
  readonly globals?: Readonly<Record<string, PlainValue>>
  readonly limits?: Partial<RunLimits>
  /** Where `import` finds scripts. Without it there are none. */
  readonly modules?: ModuleResolver
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
  variablesMax: 0,
  stringBytesMax: 0,
  arrayItemsMax: 0,
  mapEntriesMax: 0,
  modulesMax: 0,
  outputBytesMax: 0,
  outputEntriesMax: 0,
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
  try {
    run.begin(inputOf(options))
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

function inputOf(options: RunOptions): RunInput {
  const { modules = NO_MODULES } = options
  const limits = { ...RUN_LIMITS, ...options.limits }
  return { limits, globals: globalsOf(options), modules, output: outputOf(options) }
}

function globalsOf({ globals = {} }: RunOptions): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>()
  for (const [name, value] of Object.entries(globals)) {
    values.set(name, checkedValue(value, `The variable ${name}`))
  }
  return values
}

function outputOf(options: RunOptions): RunOutput {
  return {
    print: (text) => options.print?.(text),
    debug: (text, line, column) => options.debug?.(text, line, column),
  }
}
