/**
 * One run of one program: its limits, what is left of its operations, and its output.
 *
 * Emitted code and the machine share the one `Run` of their program. Emitted code takes operations
 * by `run.left -= n` and calls {@link Run.overdrawn} when that goes below zero.
 * Invariant: between runs the object holds nothing of the last run but its operation count.
 *
 * @module
 */

import { type Host, NO_HOST } from '../host/host.ts'
import type { PreparedCall, RunLimits } from '../runtime/call-context.ts'
import { DataMeter } from '../runtime/data-meter.ts'
import { newShapeTree } from '../runtime/map-shape.ts'
import { dataTooLarge } from '../runtime/raise.ts'
import type { Reply } from '../runtime/reply.ts'
import { encodeUtf8, isLongerThan } from '../runtime/utf8.ts'
import type { Cell, FunctionPointer, Value } from '../runtime/value.ts'
import { callPointer } from './call/at-once.ts'
import { callPointerLater, callScript } from './call/later.ts'
import { replyOf } from './call/pending.ts'
import { directTarget, prepareCall } from './call/prepared-call.ts'
import {
  located,
  type PackedPosition,
  terminated,
  tooManyOperations,
  unpackPosition,
} from './error/failure.ts'
import { evaluateJson } from './evaluate-text.ts'
import { type ModuleResolver, NO_MODULES, type ResolvedModule } from './module/module-resolver.ts'
import { RunModules } from './module/run-modules.ts'
import { ScriptModule } from './module/script-module.ts'
import type { EvaluatedText, EvaluatedTextLater, RunState, ShapeCache } from './run-state.ts'

/** Where the text of a run goes. */
export interface RunOutput {
  print(text: string): void
  debug(text: string, line: number, column: number): void
}

/** How text met while running is compiled. */
export interface TextCompilers {
  compileText(run: Run, module: ScriptModule, source: string, isGlobal: boolean): EvaluatedText
  compileTextLater(
    run: Run,
    module: ScriptModule,
    source: string,
    isGlobal: boolean,
  ): EvaluatedTextLater
  compileModule(run: Run, module: ScriptModule, source: ResolvedModule['source']): EvaluatedText
  compileModuleLater(
    run: Run,
    module: ScriptModule,
    source: ResolvedModule['source'],
  ): (...given: Parameters<EvaluatedText>) => Reply
  compileJson(run: Run, source: string): EvaluatedText
}

/** What one run is given. */
export interface RunInput {
  readonly limits: RunLimits
  readonly globals: ReadonlyMap<string, Value>
  readonly modules: ModuleResolver
  readonly output: RunOutput
  /** Aborting it cancels the run while it waits for the host. */
  readonly signal: AbortSignal | undefined
  readonly hostData: unknown
  /** Asked each time operations are granted; an answer ends the run. */
  readonly onProgress: ((operations: number) => unknown) | undefined
}

/** Operations granted at a time: small enough to stay an integer that JavaScript handles fast. */
const GRANT_MAX = 2 ** 30
/** The same when someone wants to know of the progress: some ten milliseconds of a fast loop. */
const PROGRESS_GRANT = 2 ** 22

/** A `depthMax` that every call is deeper than. */
const EVERY_CALL = -1

const SILENT: RunOutput = { print: () => {}, debug: () => {} }

export class Run implements RunState {
  /** What is left of the current grant. */
  left = 0
  depthMax = 0
  variablesMax = Number.POSITIVE_INFINITY
  /** Depth and position of the native call being made, for calls back into the script. */
  depth = 0
  at: PackedPosition = 0
  receiver: Value = undefined
  limits: RunLimits
  dataMeter: DataMeter | undefined
  globals: ReadonlyMap<string, Value> = new Map()
  emptyShape = newShapeTree()
  readonly modules = new RunModules()
  readonly main: ScriptModule
  readonly data = new ScriptModule({ host: NO_HOST })
  home: ScriptModule
  readonly compileText: RunState['compileText']
  readonly compileTextLater: RunState['compileTextLater']
  readonly compileModule: RunState['compileModule']
  readonly compileModuleLater: RunState['compileModuleLater']
  readonly compileJson: (source: string) => EvaluatedText
  signal: AbortSignal | undefined
  hostData: unknown
  #onProgress: RunInput['onProgress']
  #grantMax = GRANT_MAX
  #granted = 0
  #spent = 0
  #output: RunOutput = SILENT
  #startedMs = 0
  /** Of the program itself; code that a run compiles ends with the run. */
  readonly #caches: ShapeCache[] = []
  #hasBegun = false
  /** Of the program's own functions. */
  #variablesMost = 0
  #outputBytes = 0
  #outputEntries = 0
  /** Ends each wait for the host with an error; a later one is inside an earlier one. */
  readonly #waits = new Set<(error: unknown) => void>()
  readonly #cancel = (): void => {
    for (const end of [...this.#waits].reverse()) end(terminated(this.signal?.reason))
  }

  constructor(limits: RunLimits, host: Host, compilers: TextCompilers) {
    this.limits = limits
    this.main = new ScriptModule({ host })
    this.home = this.main
    this.compileText = (...args) => compilers.compileText(this, ...args)
    this.compileTextLater = (...args) => compilers.compileTextLater(this, ...args)
    this.compileModule = (...args) => compilers.compileModule(this, ...args)
    this.compileModuleLater = (...args) => compilers.compileModuleLater(this, ...args)
    this.compileJson = (source) => compilers.compileJson(this, source)
  }

  begin(input: RunInput): void {
    const { limits, globals, modules, output, signal } = input
    this.#hasBegun = true
    this.limits = limits
    this.variablesMax = limits.variablesMax === 0 ? Number.POSITIVE_INFINITY : limits.variablesMax
    this.signal = signal
    signal?.addEventListener('abort', this.#cancel)
    this.hostData = input.hostData
    this.#onProgress = input.onProgress
    this.#grantMax = input.onProgress === undefined ? GRANT_MAX : PROGRESS_GRANT
    this.depthMax = limits.callDepthMax === 0 ? Number.MAX_SAFE_INTEGER : limits.callDepthMax
    this.#lookAtCalls(this.#variablesMost)
    this.depth = 0
    this.receiver = undefined
    this.at = 0
    this.globals = globals
    this.modules.begin(modules)
    this.main.begin(this.variablesMax)
    this.home = this.main
    this.#spent = 0
    this.#output = output
    this.#outputBytes = 0
    this.#outputEntries = 0
    this.#startedMs = performance.now()
    this.#grant()
    this.#meterData()
  }

  /**
   * Answers whether the object can serve another run: not if the host may still hold it, because
   * the run did not wait for all of its answers.
   */
  end(): boolean {
    const isFree = this.#waits.size === 0 && this.signal?.aborted !== true
    this.signal?.removeEventListener('abort', this.#cancel)
    this.signal = undefined
    this.hostData = undefined
    this.#onProgress = undefined
    this.globals = new Map()
    this.dataMeter = undefined
    this.modules.begin(NO_MODULES)
    this.main.begin()
    this.#output = SILENT
    this.emptyShape = newShapeTree()
    for (const cache of this.#caches) cache.forget()
    return isFree
  }

  noteVariables(count: number): void {
    if (!this.#hasBegun) this.#variablesMost = Math.max(this.#variablesMost, count)
    this.#lookAtCalls(count)
  }

  /** Has all calls looked at if one of them may have too many variables. */
  #lookAtCalls(variables: number): void {
    if (variables > this.variablesMax) this.depthMax = EVERY_CALL
  }

  remember(cache: ShapeCache): void {
    if (!this.#hasBegun) this.#caches.push(cache)
  }

  waitFor(ask: () => Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        this.#waits.delete(fail)
        reject(error)
      }
      const answer = (value: Value): void => {
        this.#waits.delete(fail)
        resolve(value)
      }
      try {
        if (this.signal?.aborted === true) throw terminated(this.signal.reason)
        this.#waits.add(fail)
        ask().then(answer, fail)
      } catch (error) {
        fail(error)
      }
    })
  }

  /** Operations the run has used. */
  get operations(): number {
    return this.#spent + this.#granted - Math.max(this.left, 0)
  }

  /** Grants more, or ends the run. Always called with `left` below zero. */
  overdrawn(at: PackedPosition): void {
    const debt = -this.left
    this.#spent += this.#granted
    this.#grant(debt)
    this.left -= debt
    if (this.#granted === 0 || this.left < 0) {
      throw tooManyOperations(this.limits.operationsMax, at)
    }
    const reason = this.#onProgress?.(this.operations)
    if (reason !== undefined) throw located(terminated(reason), at)
  }

  charge(operations: number): void {
    this.left -= Math.min(operations, GRANT_MAX)
    if (this.left < 0) this.overdrawn(this.at)
  }

  callFunctionPointer(pointer: FunctionPointer, args: readonly Value[], thisCell?: Cell): Value {
    const { depth, at } = this
    try {
      return callPointer(this, depth + 1, at, pointer, args, thisCell)
    } finally {
      this.depth = depth
      this.at = at
    }
  }

  async callFunctionPointerLater(
    pointer: FunctionPointer,
    args: readonly Value[],
    thisCell?: Cell,
  ): Promise<Value> {
    const { depth, at } = this
    const target = directTarget(pointer, args.length)
    try {
      return await replyOf(
        target === undefined
          ? callPointerLater(this, depth + 1, at, pointer, args, thisCell)
          : callScript(target, depth + 1, at, thisCell, args),
      )
    } finally {
      this.depth = depth
      this.at = at
    }
  }

  /** Calls a function after the script has ended; it stands as deep as if the script had called it. */
  callFromHost(pointer: FunctionPointer, args: readonly Value[]): Value {
    this.#leaveScript()
    return callPointer(this, 1, 0, pointer, args)
  }

  /** The same for functions that may wait for the host. */
  callFromHostLater(pointer: FunctionPointer, args: readonly Value[]): Reply {
    this.#leaveScript()
    return replyOf(callPointerLater(this, 1, 0, pointer, args))
  }

  prepareCall(pointer: FunctionPointer, argumentCount: number): PreparedCall | undefined {
    return prepareCall(this, pointer, argumentCount)
  }

  evaluateJson(text: string): Value {
    return evaluateJson(this, text)
  }

  print(text: string): void {
    this.#countOutput(text)
    this.#output.print(text)
  }

  debug(text: string): void {
    this.#countOutput(text)
    const { line, column } = unpackPosition(this.at)
    this.#output.debug(text, line, column)
  }

  now(): number {
    return performance.now() - this.#startedMs
  }

  #leaveScript(): void {
    this.depth = 0
    this.at = 0
    this.receiver = undefined
    this.home = this.main
    this.charge(1)
  }

  #countOutput(text: string): void {
    const { outputBytesMax, outputEntriesMax } = this.limits
    this.#outputEntries += 1
    if (outputEntriesMax > 0 && this.#outputEntries > outputEntriesMax) {
      throw dataTooLarge('Number of outputs', { name: 'outputEntriesMax', value: outputEntriesMax })
    }
    if (outputBytesMax === 0) return
    if (isLongerThan(text, outputBytesMax - this.#outputBytes)) {
      throw dataTooLarge('Length of output', { name: 'outputBytesMax', value: outputBytesMax })
    }
    this.#outputBytes += encodeUtf8(text).length
  }

  #meterData(): void {
    const { dataBytesMax } = this.limits
    if (dataBytesMax === 0) return
    const meter = new DataMeter(dataBytesMax, (operations) => this.charge(operations))
    for (const value of this.globals.values()) meter.given(value)
    for (const value of this.main.host.constants) meter.given(value)
    this.dataMeter = meter
  }

  /** `debt` was used already and comes off what is granted. */
  #grant(debt = 0): void {
    const { operationsMax } = this.limits
    const wanted = Math.min(this.#grantMax + debt, GRANT_MAX)
    const available = operationsMax === 0 ? wanted : operationsMax - this.#spent
    this.#granted = Math.max(0, Math.min(available, wanted))
    this.left = this.#granted
  }
}
