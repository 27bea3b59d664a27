/**
 * From the text of a script to something that can be run.
 *
 * @module
 */

import { refuseProgram } from './analyse/data-fence.ts'
import { analyseScopes } from './analyse/scopes.ts'
import { simplify } from './analyse/simplify.ts'
import { EVERYTHING_WAITS, findWaiting, NOTHING_WAITS, type Waiting } from './analyse/waiting.ts'
import { anyNode, type Node } from './analyse/walk.ts'
import { emitProgram } from './emit/emit-program.ts'
import { type Evaluate, evaluateHere } from './evaluate.ts'
import { type Host, NO_HOST } from './host/host.ts'
import { cannotWait, isExhaustedStack } from './machine/error/failure.ts'
import { machine } from './machine/machine.ts'
import type { ResolvedModule } from './machine/module/module-resolver.ts'
import type { ScriptModule } from './machine/module/script-module.ts'
import { Run, type TextCompilers } from './machine/run.ts'
import type { EvaluatedText, EvaluatedTextLater, RunState } from './machine/run-state.ts'
import type { Expression, Script, Statement } from './parse/ast.ts'
import { PARSE_LIMITS, parse, parseJsonExpression } from './parse/parse.ts'
import { type Instance, Program, RUN_LIMITS } from './program.ts'
import { RhaiError } from './rhai-error.ts'
import { isLongerThan } from './runtime/utf8.ts'

export interface CompileOptions {
  /** Variables given from outside: read-only, visible at top level and inside functions. */
  readonly globals?: readonly string[]
  /** The functions and modules the program offers. */
  readonly host?: Host
  readonly limits?: Partial<CompileLimits>
  /** For tests: the whole script in the asynchronous form, whether or not anything in it waits. */
  readonly isAllAsynchronous?: boolean
}

/**
 * Limits of what is compiled, see `docs/reference/rhai-limits.md`. They hold for the text of `eval`
 * and `parse_json` too, where those of the run that limit values are for literals as well. Zero means
 * no limit, but for depths.
 */
export interface CompileLimits {
  /** Length of the source in UTF-8. */
  readonly sourceBytesMax: number
  /** How deep expressions and blocks may nest at top level, and in functions. */
  readonly expressionDepthMax: number
  readonly functionExpressionDepthMax: number
  /** Functions and closures. */
  readonly functionsMax: number
  /** Length of the text of a string literal in UTF-8. */
  readonly stringBytesMax: number
  /** Items of an array literal, entries of a map literal. */
  readonly arrayItemsMax: number
  readonly mapEntriesMax: number
}

/** The limits of a compilation that does not say otherwise. */
export const COMPILE_LIMITS: CompileLimits = { sourceBytesMax: 0, ...PARSE_LIMITS }

/**
 * Compiles a script.
 *
 * @throws RhaiError in phase `parse`, with the position of the mistake
 * @example
 * compile('40 + 2').instantiate().run().value // 42
 */
export function compile(source: string, options: CompileOptions = {}): CompiledScript {
  return compileAs('script', source, options)
}

/** A module is called by scripts that are not known when it is compiled. */
function compileAs(
  role: 'script' | 'module',
  source: string,
  options: CompileOptions,
): CompiledScript {
  const { host = NO_HOST } = options
  const globals = new Set(options.globals)
  return withinStack(() => {
    const script = read(source, options)
    const waiting = waitingIn(script, options, role === 'module')
    const code = emitProgram(script, analyseScopes(script), { globals, host, waiting })
    const { main: isAsynchronous, some: hasAsynchronousParts } = waiting
    const parts = { code, options: { ...options, host }, isAsynchronous, hasAsynchronousParts }
    if (role === 'module' || !host.someWait) return new CompiledScript(parts)
    return new CompiledScript({ ...parts, toModule: () => compileAs('module', source, options) })
  })
}

/**
 * Refuses what {@link compile} refuses, for a fraction of the work, because nothing is written out.
 *
 * @throws RhaiError in phase `parse`, with the position of the mistake
 */
export function check(source: string, options: CompileOptions = {}): void {
  withinStack(() => read(source, options))
}

/**
 * All that can be wrong with a source is found here; what follows only writes it out. The one
 * exception is a source so deep that the JavaScript stack ends while it is written.
 */
function read(source: string, { limits }: CompileOptions): Script {
  checkLength(source, limits?.sourceBytesMax ?? COMPILE_LIMITS.sourceBytesMax)
  return simplify(parse(source, limits))
}

function waitingIn(script: Script, options: CompileOptions, isModule: boolean): Waiting {
  const { host = NO_HOST, isAllAsynchronous = false } = options
  if (isAllAsynchronous) return EVERYTHING_WAITS
  return host.someWait ? findWaiting(script, { host, isModule }) : NOTHING_WAITS
}

/** @throws RhaiError */
export function checkLength(source: string, sourceBytesMax: number): void {
  if (sourceBytesMax === 0 || !isLongerThan(source, sourceBytesMax)) return
  throw new RhaiError({
    phase: 'parse',
    kind: 'SourceTooLong',
    text: `Script is longer than ${sourceBytesMax} bytes`,
    limit: { name: 'sourceBytesMax', value: sourceBytesMax },
  })
}

/** A script too deep for the JavaScript stack is too deep for the language. @throws RhaiError */
export function withinStack<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!isExhaustedStack(error)) throw error
    throw new RhaiError({
      phase: 'parse',
      kind: 'ExprTooDeep',
      text: 'Expression exceeds maximum complexity',
      cause: error,
    })
  }
}

interface CompiledParts {
  readonly code: string
  /** Texts and modules met while running are compiled with the same. */
  readonly options: CompileOptions & { readonly host: Host }
  readonly isAsynchronous: boolean
  readonly hasAsynchronousParts: boolean
  /** Set where it makes a difference to be a module. */
  readonly toModule?: () => CompiledScript
}

/** A script as JavaScript. Holds no state; any number of programs can be made of it. */
export class CompiledScript {
  /** One JavaScript expression, free of references to anything but its parameters. */
  readonly code: string
  /** Whether a run may have to wait for the host: only `runAsync` can run it then. */
  readonly isAsynchronous: boolean
  readonly #hasAsynchronousParts: boolean
  readonly #options: CompiledParts['options']
  readonly #toModule: (() => CompiledScript) | undefined
  #module: CompiledScript | undefined

  /** Use {@link compile}. */
  constructor(parts: CompiledParts) {
    this.code = parts.code
    this.isAsynchronous = parts.isAsynchronous
    this.#hasAsynchronousParts = parts.hasAsynchronousParts
    this.#options = parts.options
    this.#toModule = parts.toModule
  }

  /** The same script for scripts that import it. */
  asModule(): CompiledScript {
    this.#module ??= this.#toModule?.() ?? this
    return this.#module
  }

  instantiate(evaluate: Evaluate = evaluateHere): Program {
    const options = this.#options
    const build = withinStack(() => evaluate(this.code)) as Build
    const compilers = compilersOf(evaluate, options)
    const instantiate = (): Instance => {
      const run = new Run(RUN_LIMITS, options.host, compilers)
      const main = build(machine, run, run.main)
      return { run, main: (depth) => main(depth, undefined, run.main.scope) }
    }
    return new Program(instantiate, {
      isAsynchronous: this.isAsynchronous,
      hasAsynchronousParts: this.#hasAsynchronousParts,
    })
  }
}

function compilersOf(evaluate: Evaluate, options: CompiledParts['options']): TextCompilers {
  const built = new WeakMap<CompiledScript, Build>()
  const builtFrom = <Main>(code: string, run: Run, module: ScriptModule): Main =>
    (evaluate(code) as Build<Main>)(machine, run, module)
  const buildOf = (script: CompiledScript): Build => {
    const existing = built.get(script)
    if (existing !== undefined) return existing
    const build = evaluate(script.code) as Build
    built.set(script, build)
    return build
  }
  return {
    compileText: (run, module, source, isGlobal) => {
      const script = readText(run, source, options, parse)
      return builtFrom(codeOfText(module, script, isGlobal, options, NOTHING_WAITS), run, module)
    },
    compileTextLater: (run, module, source, isGlobal) => {
      const script = readText(run, source, options, parse)
      return builtFrom(codeOfText(module, script, isGlobal, options, EVERYTHING_WAITS), run, module)
    },
    compileJson: (run, source) => {
      const data = readText(run, source, options, parseJsonExpression)
      return builtFrom(codeOfJson(data), run, run.data)
    },
    compileModule: (run, module, source) => {
      const script = compiledModule(source, options)
      if (script.isAsynchronous) throw cannotWait(`the module ${module.source}`, 0)
      return buildOf(script)(machine, run, module) as EvaluatedText
    },
    compileModuleLater: (run, module, source) =>
      buildOf(compiledModule(source, options))(machine, run, module),
  }
}

function compiledModule(source: ResolvedModule['source'], options: CompileOptions): CompiledScript {
  if (typeof source === 'string') return compileAs('module', source, options)
  if (source instanceof CompiledScript) return source.asModule()
  throw new TypeError('A module is neither text nor a compiled script')
}

/** Reads a text met while running, in which literals are values of the run too. */
function readText<T>(
  { limits: { stringBytesMax, arrayItemsMax, mapEntriesMax } }: Run,
  source: string,
  { limits = {} }: CompileOptions,
  read: (source: string, limits: Partial<CompileLimits>) => T,
): T {
  checkLength(source, limits.sourceBytesMax ?? 0)
  return read(source, {
    ...limits,
    stringBytesMax: stringBytesMax || (limits.stringBytesMax ?? 0),
    arrayItemsMax: arrayItemsMax || (limits.arrayItemsMax ?? 0),
    mapEntriesMax: mapEntriesMax || (limits.mapEntriesMax ?? 0),
  })
}

/** What emitted code evaluates to: a function that makes the main function. */
type Build<Main = EvaluatedText | EvaluatedTextLater> = (
  given: typeof machine,
  run: RunState,
  module: ScriptModule,
) => Main

/** The text of an `eval`: it sees the variables and functions of the script around it. */
function codeOfText(
  module: ScriptModule,
  script: Script,
  isGlobal: boolean,
  { globals, host }: CompiledParts['options'],
  waiting: Waiting,
): string {
  const definesFunction =
    script.functions.length > 0 || script.statements.some((node) => anyNode(node, isClosure))
  if (definesFunction) throw functionInText()
  const { functions } = module
  const hasFunction = (name: string, arity: number | undefined): boolean =>
    arity === undefined ? functions.named(name) !== undefined : functions.has(name, arity)
  const text = { hasFunction, isGlobal }
  const analysed = analyseScopes(script, 'dynamic')
  return emitProgram(script, analysed, { globals: new Set(globals), host, text, waiting })
}

function codeOfJson(expression: Expression): string {
  refuseProgram(expression)
  const { position } = expression
  const statements: readonly Statement[] = [{ kind: 'expression', expression, position }]
  const script: Script = { kind: 'script', statements, functions: [], documentation: [] }
  const surroundings = { globals: new Set<string>(), host: NO_HOST, waiting: NOTHING_WAITS }
  return emitProgram(script, analyseScopes(script), surroundings)
}

const isClosure = (node: Node): boolean => node.kind === 'closure'

const FUNCTION_IN_TEXT =
  'Function definitions must be at global level and cannot be inside a block or another function'

function functionInText(): RhaiError {
  return new RhaiError({
    phase: 'parse',
    kind: 'WrongFnDefinition',
    text: FUNCTION_IN_TEXT,
  })
}
