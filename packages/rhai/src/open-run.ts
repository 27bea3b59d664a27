/**
 * A run whose script has given its value and whose functions can still be called.
 *
 * The calls belong to the run: they use its operations, fill its data sizes, and see what the script
 * left in captured variables. A script never runs beside itself, so one call must end before the
 * next begins. Who opened the run closes it; until then its instance serves no other run.
 *
 * @module
 */
import { asRhaiError, ExitSignal, terminated } from './machine/error/failure.ts'
import type { Run } from './machine/run.ts'
import type { RhaiError } from './rhai-error.ts'
import { type FunctionPointer, type PlainValue, untagged } from './runtime/value.ts'

export class OpenRun {
  /** What the script gave. */
  readonly value: PlainValue
  readonly #run: Run
  readonly #release: () => void
  #operations: number | undefined
  #hasExited = false
  #isBusy = false

  /** Use `Program.open`. */
  constructor(run: Run, value: PlainValue, release: () => void) {
    this.#run = run
    this.value = value
    this.#release = release
  }

  /** Work done so far, in the unit `operationsMax` limits. */
  get operations(): number {
    return this.#operations ?? this.#run.operations
  }

  /** Whether a function that was called here ended the script by `exit()`: call no more then. */
  get hasExited(): boolean {
    return this.#hasExited
  }

  /**
   * Calls a function that cannot wait.
   *
   * @throws RhaiError in phase `eval`
   * @throws TypeError when the run is closed or busy with another call
   */
  call(pointer: FunctionPointer, args: readonly PlainValue[] = []): PlainValue {
    this.#begin()
    try {
      return untagged(this.#run.callFromHost(pointer, args))
    } catch (error) {
      return this.#valueOfError(error)
    } finally {
      this.#isBusy = false
    }
  }

  /** The same for any function. It must have ended, or been cancelled, before {@link close}. */
  async callAsync(pointer: FunctionPointer, args: readonly PlainValue[] = []): Promise<PlainValue> {
    this.#begin()
    try {
      const { signal } = this.#run
      if (signal?.aborted === true) throw terminated(signal.reason)
      return untagged(await this.#run.callFromHostLater(pointer, args))
    } catch (error) {
      return this.#valueOfError(error)
    } finally {
      this.#isBusy = false
    }
  }

  /** Ends the run. May be called again. */
  close(): void {
    if (this.#operations !== undefined) return
    this.#operations = this.#run.operations
    this.#release()
  }

  #begin(): void {
    if (this.#operations !== undefined) throw new TypeError('The run is closed')
    if (this.#isBusy) throw new TypeError('The run is busy with another call')
    this.#isBusy = true
  }

  #valueOfError(error: unknown): PlainValue {
    if (error instanceof ExitSignal) {
      this.#hasExited = true
      return untagged(error.value)
    }
    const failure: RhaiError = asRhaiError(error)
    failure.operations = this.operations
    throw failure
  }
}
