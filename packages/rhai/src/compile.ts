/**
 * From the text of a script to something that can be run.
 *
 * @module
 */

import { refuseProgram } from './analyse/data-fence.ts'
import { analyseScopes } from './analyse/scopes.ts'
import { simplify } from './analyse/simplify.ts'
import { findWaiting } from './analyse/waiting.ts'
import { anyNode, type Node } from './analyse/walk.ts'
import { emitProgram } from './emit/emit-program.ts'
import { type Evaluate, evaluateHere } from './evaluate.ts'
import { type Host, NO_HOST } from './host/host.ts'
import { isExhaustedStack } from './machine/error/failure.ts'
import { machine } from './machine/machine.ts'
import type { ResolvedModule } from './machine/module/module-resolver.ts'
import type { ScriptModule } from './machine/module/script-module.ts'
import { Run, type TextCompilers } from './machine/run.ts'
import type { EvaluatedText, RunState } from './machine/run-state.ts'
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
  const { host = NO_HOST } = options
  const globals = new Set(options.globals)
  return withinStack(() => {
    const script = read(source, options)
    const { main } = findWaiting(script, noneIsAsynchronous)
    const code = emitProgram(script, analyseScopes(script), { globals, host })
    return new CompiledScript({ code, options: { ...options, host }, isAsynchronous: main })
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

/** All host functions answer at once in this version. */
const noneIsAsynchronous = (): boolean => false

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
}

/** A script as JavaScript. Holds no state; any number of programs can be made of it. */
export class CompiledScript {
  /** One JavaScript expression, free of references to anything but its parameters. */
  readonly code: string
  /** Whether a run may have to wait for the host. Never, in this version. */
  readonly isAsynchronous: boolean
  readonly #options: CompiledParts['options']

  /** Use {@link compile}. */
  constructor(parts: CompiledParts) {
    this.code = parts.code
    this.isAsynchronous = parts.isAsynchronous
    this.#options = parts.options
  }

  instantiate(evaluate: Evaluate = evaluateHere): Program {
    const options = this.#options
    const build = withinStack(() => evaluate(this.code)) as Build
    const compilers = compilersOf(evaluate, options)
    return new Program((): Instance => {
      const run = new Run(RUN_LIMITS, options.host, compilers)
      const main = build(machine, run, run.main)
      return { run, main: (depth) => main(depth, undefined, run.main.scope) }
    })
  }
}

function compilersOf(evaluate: Evaluate, options: CompiledParts['options']): TextCompilers {
  const built = new WeakMap<CompiledScript, Build>()
  const builtFrom = (code: string, run: Run, module: ScriptModule) =>
    (evaluate(code) as Build)(machine, run, module)
  return {
    compileText: (run, module, source, isGlobal) => {
      const script = readText(run, source, options, parse)
      return builtFrom(codeOfText(module, script, isGlobal, options), run, module)
    },
    compileJson: (run, source) => {
      const data = readText(run, source, options, parseJsonExpression)
      return builtFrom(codeOfJson(data), run, run.data)
    },
    compileModule: (run, module, source) => {
      const script = compiledModule(source, options)
      let build = built.get(script)
      if (build === undefined) {
        build = evaluate(script.code) as Build
        built.set(script, build)
      }
      return build(machine, run, module)
    },
  }
}

function compiledModule(source: ResolvedModule['source'], options: CompileOptions): CompiledScript {
  if (typeof source === 'string') return compile(source, options)
  if (source instanceof CompiledScript) return source
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

/** What emitted code evaluates to. */
type Build = (given: typeof machine, run: RunState, module: ScriptModule) => EvaluatedText

/** The text of an `eval`: it sees the variables and functions of the script around it. */
function codeOfText(
  module: ScriptModule,
  script: Script,
  isGlobal: boolean,
  { globals, host }: CompiledParts['options'],
): string {
  const definesFunction =
    script.functions.length > 0 || script.statements.some((node) => anyNode(node, isClosure))
  if (definesFunction) throw functionInText()
  const { functions } = module
  const hasFunction = (name: string, arity: number | undefined): boolean =>
    arity === undefined ? functions.named(name) !== undefined : functions.has(name, arity)
  const text = { hasFunction, isGlobal }
  const analysed = analyseScopes(script, 'dynamic')
  return emitProgram(script, analysed, { globals: new Set(globals), host, text })
}

function codeOfJson(expression: Expression): string {
  refuseProgram(expression)
  const { position } = expression
  const statements: readonly Statement[] = [{ kind: 'expression', expression, position }]
  const script: Script = { kind: 'script', statements, functions: [], documentation: [] }
  return emitProgram(script, analyseScopes(script), { globals: new Set(), host: NO_HOST })
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
