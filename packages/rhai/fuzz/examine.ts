/**
 * Looks for a defect of the engine with one program, whatever the program is.
 *
 * @module
 */
import { isDeepStrictEqual } from 'node:util'
import {
  ANY,
  type CompileOptions,
  type Diagnostic,
  Host,
  hostFunction,
  type ModuleResolver,
  makeArray,
  makeMap,
  RhaiError,
  type RunLimits,
  type RunOptions,
  type RunResult,
  typeName,
  type Value,
} from '../src/index.ts'
import type { Engine, FuzzedProgram, FuzzedScript } from './engine.ts'
import { flawOf } from './flaws.ts'

export interface Defect {
  /** Equal for programs that fail in the same way. */
  readonly signature: string
  readonly detail: string
}

/** Small, so that programs come across them. */
const LIMITS: RunLimits = {
  operationsMax: 40_000,
  callDepthMax: 64,
  stringBytesMax: 8192,
  arrayItemsMax: 1000,
  mapEntriesMax: 100,
  dataBytesMax: 40_000,
  modulesMax: 10,
  variablesMax: 100,
  outputBytesMax: 20_000,
  outputEntriesMax: 500,
}

const NO_LIMITS: RunLimits = {
  operationsMax: 0,
  callDepthMax: 0,
  stringBytesMax: 0,
  arrayItemsMax: 0,
  mapEntriesMax: 0,
  dataBytesMax: 0,
  modulesMax: 0,
  variablesMax: 0,
  outputBytesMax: 0,
  outputEntriesMax: 0,
}

/** Work that is charged after it was done may pass the limit by so much. */
const OPERATIONS_EXCESS = 1.01
const PROCESSOR_MS_MAX = 5000
const TEXT_BYTES_MAX = 100_000
const US_PER_MS = 1000

const OPTIONS: CompileOptions = {
  globals: ['request', 'ctx'],
  host: new Host({
    modules: {
      log: { functions: { info: hostFunction([ANY], () => undefined) } },
      host: { functions: { same: hostFunction([ANY], (_context, value) => value) } },
    },
  }),
}

/** A module as it should be, and one that imports itself. */
const MODULES: ModuleResolver = {
  resolve: (path) => {
    const source = MODULE_SOURCES.get(path)
    return source === undefined ? undefined : { id: path, source }
  },
}

const MODULE_SOURCES: ReadonlyMap<string, string> = new Map([
  ['lib', 'export const K = [1]; fn twice(x) { x * 2 } fn len(x) { 7 }'],
  ['circle', 'import "circle" as c; fn f() { c::f() }'],
])

/** How a run ended. */
interface Outcome {
  readonly value: Value
  readonly text: string
  readonly error: RhaiError | undefined
  readonly operations: number
  readonly output: readonly string[]
}

class Found extends Error {
  readonly defect: Defect

  constructor(signature: string, detail: string) {
    super(signature)
    this.defect = { signature, detail }
  }
}

/** The first defect that shows. Processor time is that of the calling thread. */
export function examine(source: string, engine: Engine): Defect | undefined {
  const prototypes = fingerprintOfPrototypes()
  const started = process.threadCpuUsage()
  try {
    examineTools(source, engine)
    examineRuns(source, engine)
  } catch (error) {
    if (error instanceof Found) return error.defect
    throw error
  }
  const { user, system } = process.threadCpuUsage(started)
  const ms = (user + system) / US_PER_MS
  if (ms > PROCESSOR_MS_MAX) return { signature: 'slow', detail: `${ms.toFixed(0)} ms` }
  if (fingerprintOfPrototypes() !== prototypes) {
    return { signature: 'prototype changed', detail: 'a built-in prototype has other properties' }
  }
  return undefined
}

function examineTools(source: string, engine: Engine): void {
  const refusal = refusalOf('check', () => engine.check(source, OPTIONS))
  if (refusal !== undefined) expectText('render', () => engine.render(refusal, source))
  const description = refusalOf('describe', () => engine.describe(source))
  if ((description === undefined) !== (refusal === undefined)) {
    throw new Found('check and describe disagree', `${refusal} / ${description}`)
  }
  const diagnostics = guarded('diagnose', () => engine.diagnose(source, OPTIONS))
  if (diagnostics.some(isError) !== (refusal !== undefined)) {
    throw new Found('check and diagnose disagree', `${refusal} / ${diagnostics[0]?.message}`)
  }
  for (const each of diagnostics) expectText('render', () => engine.render(each, source))
}

const isError = ({ severity }: Diagnostic): boolean => severity === 'error'

function examineRuns(source: string, engine: Engine): void {
  const script = compiledTwice(source, engine)
  const program = script && instantiated(script)
  const other = script && instantiated(script)
  if (program === undefined || other === undefined) return
  const first = outcomeOf(program, source, engine)
  examineJson(first.value, engine)
  const again = outcomeOf(program, source, engine)
  const separate = outcomeOf(other, source, engine)
  if (isRepeatable(source, [first, again, separate])) {
    expectSame('two runs of a program differ', first, again)
    expectSame('runs of two programs differ', first, separate)
  }
  if (textOf(first.value, engine) !== first.text) {
    throw new Found('a run changed the value of the run before', first.text)
  }
}

/** Nothing if it cannot be compiled. */
function compiledTwice(source: string, engine: Engine): FuzzedScript | undefined {
  const isRefused = refusalOf('check', () => engine.check(source, OPTIONS)) !== undefined
  const scripts: FuzzedScript[] = []
  for (let i = 0; i < 2; i++) {
    const refusal = refusalOf('compile', () => {
      scripts.push(engine.compile(source, OPTIONS))
    })
    // The JavaScript stack may end while code is written, which checking does not do.
    if (refusal?.kind === 'ExprTooDeep') return undefined
    if ((refusal !== undefined) !== isRefused) {
      throw new Found('check and compile disagree', String(refusal))
    }
  }
  const [script, same] = scripts
  if (script?.code !== same?.code) throw new Found('compiled twice, emitted otherwise', '')
  return script
}

/** Nothing if it is too deep for the JavaScript stack. */
function instantiated(script: FuzzedScript): FuzzedProgram | undefined {
  let program: FuzzedProgram | undefined
  refusalOf('instantiate', () => {
    program = script.instantiate()
  })
  return program
}

function outcomeOf(program: FuzzedProgram, source: string, engine: Engine): Outcome {
  const output: string[] = []
  const request = makeMap([
    ['path', '/a'],
    ['list', makeArray([1, 2, 3])],
    ['then', 1],
  ])
  const before = textOf(request, engine)
  const { value, error, operations } = resultOf(program, {
    limits: LIMITS,
    modules: MODULES,
    globals: { request, ctx: makeMap([['id', 'x']]) },
    print: (text) => output.push(text),
    debug: (text, line, column) => output.push(`${line}:${column} ${text}`),
  })
  if (textOf(request, engine) !== before) {
    throw new Found('a run changed a value of the host', textOf(request, engine))
  }
  if (error !== undefined) expectText('render', () => engine.render(error, source))
  if (operations > LIMITS.operationsMax * OPERATIONS_EXCESS) {
    throw new Found('more operations than allowed', String(operations))
  }
  const flaw = flawOf(value, LIMITS)
  if (flaw !== undefined) throw new Found(`flaw: ${flaw.replace(/\d+/g, 'n')}`, flaw)
  return { value, text: textOf(value, engine), error, operations, output }
}

function resultOf(program: FuzzedProgram, options: RunOptions) {
  let result: RunResult = { value: undefined, operations: 0 }
  const error = refusalOf('run', () => {
    result = program.run(options)
  })
  if (error === undefined) return { ...result, error }
  if (error.kind === 'ErrorSystem') throw unexpected('run', error.cause)
  return { value: error.thrown as Value, operations: error.operations ?? 0, error }
}

/** How much fits on the JavaScript stack depends on what has been optimised by then. */
const UNREPEATABLE_KINDS = ['ErrorStackOverflow', 'ExprTooDeep']
const TIME = /time|elapsed|now/

function isRepeatable(source: string, outcomes: readonly Outcome[]): boolean {
  if (TIME.test(source)) return false
  return !outcomes.some(({ error }) => UNREPEATABLE_KINDS.includes(error?.kind ?? ''))
}

function expectSame(what: string, left: Outcome, right: Outcome): void {
  const [first, second] = [left, right].map(comparable)
  if (!isDeepStrictEqual(first, second)) {
    throw new Found(what, `${JSON.stringify(first)}\n${JSON.stringify(second)}`)
  }
}

function comparable({ value, text, error, operations, output }: Outcome) {
  const { kind, root } = error ?? {}
  return { type: typeName(value), text, error: error?.toString(), kind, root, operations, output }
}

/** A text that is too long is refused, which is as good as another text. */
function textOf(value: Value, engine: Engine): string {
  let text = ''
  const refusal = refusalOf('canonicalText', () => {
    text = engine.canonicalText(value, { bytesMax: TEXT_BYTES_MAX })
  })
  return refusal?.text ?? text
}

function examineJson(value: Value, engine: Engine): void {
  const text = jsonTextOf(value, engine)
  if (text === undefined) return
  const read = readBack(text, engine)
  const flaw = flawOf(read, NO_LIMITS)
  if (flaw !== undefined) throw new Found(`fromJson: ${flaw}`, text)
  const written = jsonTextOf(read, engine)
  const again = written === undefined ? undefined : jsonTextOf(readBack(written, engine), engine)
  if (again !== written) throw new Found('JSON changes on its way', `${written}\n${again}`)
}

function jsonTextOf(value: Value, engine: Engine): string | undefined {
  let text: string | undefined
  refusalOf('toJsonText', () => {
    text = engine.toJsonText(value, { bytesMax: TEXT_BYTES_MAX })
  })
  return text
}

function readBack(text: string, engine: Engine): Value {
  return guarded('fromJson', () => engine.fromJson(JSON.parse(text)))
}

function expectText(where: string, work: () => string): void {
  const text = guarded(where, work)
  if (typeof text !== 'string') throw new Found(`${where} gave no text`, typeof text)
}

/** The error of the language that `work` ended in, the only one that may leave it. */
function refusalOf(where: string, work: () => void): RhaiError | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof RhaiError) return error
    throw unexpected(where, error)
  }
}

/** What `work` answers; it may not fail at all. */
function guarded<T>(where: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw unexpected(where, error)
  }
}

function unexpected(where: string, error: unknown): Found {
  if (error instanceof Found) return error
  const { stack = String(error) } = Object(error) as Partial<Error>
  const frame = /at .*?([\w-]+\.ts):/.exec(stack)?.[1] ?? ''
  const [first = ''] = String(error).split('\n')
  return new Found(`${where}: ${first.slice(0, 100)} ${frame}`, stack)
}

/** What scripts could change if they ever reached it. */
function fingerprintOfPrototypes(): string {
  const prototypes = [Object, Array, Function, Map, Error, String, Number, Promise, RhaiError]
  return prototypes.map((each) => Reflect.ownKeys(each.prototype).length).join()
}
