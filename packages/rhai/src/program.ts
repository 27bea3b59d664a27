/**
 * A compiled script made runnable.
 *
 * A program may be run any number of times, also several times at once: the runs share nothing.
 * Each has an instance of its own, and what a run is done with serves the next one.
 *
 * @module
 */

import { asRhaiError, ExitSignal, terminated } from './machine/error/failure.ts'
import { type ModuleResolver, NO_MODULES } from './machine/module/module-resolver.ts'
import type { Run, RunInput, RunOutput } from './machine/run.ts'
import { OpenRun } from './open-run.ts'
import type { RhaiError } from './rhai-error.ts'
import type { RunLimits } from './runtime/call-context.ts'
import { isPromise, type Reply } from './runtime/reply.ts'
import { type PlainValue, untagged, type Value } from './runtime/value.ts'
import { checkedValue } from './runtime/value-check.ts'

export interface RunOptions {
  /** Values of the variables named at compilation; missing ones are not defined. */
  readonly globals?: Readonly<Record<string, PlainValue>>
  readonly limits?: Partial<RunLimits>
  /** Where `import` finds scripts. Without it there are none. */
  readonly modules?: ModuleResolver
  /** What host functions of this run find as `context.hostData`: whose run it is, say. */
  readonly hostData?: unknown
  print?(text: string): void
  debug?(text: string, line: number, column: number): void
  /**
   * Asked every few million operations, with how many there were. An answer other than undefined
   * ends the run in an `ErrorTerminated` that no script can catch and whose `cause` is the answer.
   */
  onProgress?(operations: number): unknown
}

export interface AsyncRunOptions extends RunOptions {
  /**
   * Cancels the run: where it waits for the host, or the next time it would, it ends in an
   * `ErrorTerminated` that no script can catch. The host function sees the signal, too.
   */
  readonly signal?: AbortSignal | undefined
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
  dataBytesMax: 0,
  modulesMax: 0,
  outputBytesMax: 0,
  outputEntriesMax: 0,
}

/** What one evaluation of emitted code gives. */
export interface Instance {
  readonly run: Run
  readonly main: (depth: number) => Reply
}

/** Instances kept for later runs; more than this many at once are rare. */
const IDLE_INSTANCES_MAX = 16

export class Program {
  /** Whether a run may have to wait for the host; only {@link runAsync} can run it then. */
  readonly isAsynchronous: boolean
  /**
   * Whether anything in it may wait. A script that does not wait itself may give a function that
   * does: then only a run of {@link openAsync} can call that, by `callAsync`.
   */
  readonly hasAsynchronousParts: boolean
  readonly #instantiate: () => Instance
  readonly #idle: Instance[] = []

  /** Use `CompiledScript.instantiate`. */
  constructor(
    instantiate: () => Instance,
    traits: Pick<Program, 'isAsynchronous' | 'hasAsynchronousParts'>,
  ) {
    this.#instantiate = instantiate
    this.isAsynchronous = traits.isAsynchronous
    this.hasAsynchronousParts = traits.hasAsynchronousParts
  }

  /**
   * Runs a synchronous script to its end.
   *
   * @throws RhaiError in phase `eval`
   * @throws TypeError for an asynchronous script
   */
  run(options: RunOptions = {}): RunResult {
    return resultOf(this.open(options))
  }

  /**
   * Runs any script to its end, waiting for the host where the script does.
   *
   * @throws RhaiError in phase `eval`
   */
  async runAsync(options: AsyncRunOptions = {}): Promise<RunResult> {
    return resultOf(await this.openAsync(options))
  }

  /**
   * Runs a synchronous script and keeps the run, so that functions in its value can be called.
   *
   * @throws RhaiError in phase `eval`; the run is closed then
   * @throws TypeError for an asynchronous script
   */
  open(options: RunOptions = {}): OpenRun {
    if (this.isAsynchronous) throw new TypeError('An asynchronous script needs runAsync()')
    const instance = this.#take()
    try {
      instance.run.begin(inputOf(options, undefined))
      const value = instance.main(0)
      if (isPromise(value)) throw new TypeError('A synchronous script gave a promise')
      return this.#opened(instance, value)
    } catch (error) {
      return this.#openedBy(instance, error)
    }
  }

  /**
   * The same for any script.
   *
   * @throws RhaiError in phase `eval`; the run is closed then
   */
  async openAsync(options: AsyncRunOptions = {}): Promise<OpenRun> {
    const { signal } = options
    const instance = this.#take()
    try {
      instance.run.begin(inputOf(options, signal))
      if (signal?.aborted === true) throw terminated(signal.reason)
      return this.#opened(instance, await instance.main(0))
    } catch (error) {
      return this.#openedBy(instance, error)
    }
  }

  #take(): Instance {
    return this.#idle.pop() ?? this.#instantiate()
  }

  #opened(instance: Instance, value: Value): OpenRun {
    return new OpenRun(instance.run, untagged(value), () => this.#release(instance))
  }

  /** `exit()` gives a value, too; anything else is thrown. */
  #openedBy(instance: Instance, error: unknown): OpenRun {
    if (error instanceof ExitSignal) return this.#opened(instance, error.value)
    const failure: RhaiError = asRhaiError(error)
    failure.operations = instance.run.operations
    this.#release(instance)
    throw failure
  }

  #release(instance: Instance): void {
    const isFree = instance.run.end()
    if (isFree && this.#idle.length < IDLE_INSTANCES_MAX) this.#idle.push(instance)
  }
}

function resultOf(open: OpenRun): RunResult {
  open.close()
  return { value: open.value, operations: open.operations }
}

function inputOf(options: RunOptions, signal: AbortSignal | undefined): RunInput {
  const { modules = NO_MODULES } = options
  const limits = { ...RUN_LIMITS, ...options.limits }
  const globals = globalsOf(options)
  const { hostData, onProgress } = options
  return { limits, globals, modules, output: outputOf(options), signal, hostData, onProgress }
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
