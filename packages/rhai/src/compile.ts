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
import type { HostModules } from './machine/call/host-modules.ts'
import { DynamicScope } from './machine/dynamic-scope.ts'
import { isExhaustedStack } from './machine/error/failure.ts'
import { machine } from './machine/machine.ts'
import { Run, type TextCompilers } from './machine/run.ts'
import type { EvaluatedText } from './machine/run-state.ts'
import type { Script, Statement } from './parse/ast.ts'
import { parse, parseJsonExpression } from './parse/parse.ts'
import { type Instance, Program, RUN_LIMITS } from './program.ts'
import { RhaiError } from './rhai-error.ts'
import { isLongerThan } from './runtime/utf8.ts'

export interface CompileOptions {
  /** Variables given from outside: read-only, visible at top level and inside functions. */
  readonly globals?: readonly string[]
  /** `{ log: { info } }` is called as `log::info(..)`. */
  readonly hostModules?: HostModules
  readonly limits?: Partial<CompileLimits>
}

/** Limits of what is compiled. */
export interface CompileLimits {
  /** Length of the source in UTF-8; zero means no limit. */
  readonly sourceBytesMax: number
  /** How deep expressions and blocks may nest at top level, and in functions. */
  readonly expressionDepthMax: number
  readonly functionExpressionDepthMax: number
}

/**
 * Compiles a script.
 *
 * @throws RhaiError in phase `parse`, with the position of the mistake
 * @example
 * compile('40 + 2').instantiate().run().value // 42
 */
export function compile(source: string, options: CompileOptions = {}): CompiledScript {
  const { hostModules = {} } = options
  const globals = new Set(options.globals)
  return withinStack(() => {
    const script = read(source, options)
    const { main } = findWaiting(script, noneIsAsynchronous)
    const code = emitProgram(script, analyseScopes(script), { globals })
    return new CompiledScript({ code, globals, hostModules, isAsynchronous: main })
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
  checkLength(source, limits?.sourceBytesMax ?? 0)
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
  readonly globals: ReadonlySet<string>
  readonly hostModules: HostModules
  readonly isAsynchronous: boolean
}

/** A script as JavaScript. Holds no state; any number of programs can be made of it. */
export class CompiledScript {
  /** One JavaScript expression, free of references to anything but its parameters. */
  readonly code: string
  /** Whether a run may have to wait for the host. Never, in this version. */
  readonly isAsynchronous: boolean
  readonly #globals: ReadonlySet<string>
  readonly #hostModules: HostModules

  /** Use {@link compile}. */
  constructor(parts: CompiledParts) {
    this.code = parts.code
    this.isAsynchronous = parts.isAsynchronous
    this.#globals = parts.globals
    this.#hostModules = parts.hostModules
  }

  instantiate(evaluate: Evaluate = evaluateHere): Program {
    const build = withinStack(() => evaluate(this.code)) as Build
    const compilers = textCompilers(evaluate, this.#globals)
    return new Program((): Instance => {
      const run = new Run(RUN_LIMITS, this.#hostModules, compilers)
      const main = build(machine, run)
      return { run, main: (depth) => main(depth, undefined, new DynamicScope()) }
    })
  }
}

function textCompilers(evaluate: Evaluate, globals: ReadonlySet<string>): TextCompilers {
  const builtFrom = (code: string, run: Run) => (evaluate(code) as Build)(machine, run)
  return {
    compileText: (run, source) => builtFrom(codeOfText(run, source, globals), run),
    compileJson: (run, source) => builtFrom(codeOfJson(source), run),
  }
}

/** What emitted code evaluates to. */
type Build = (given: typeof machine, run: Run) => EvaluatedText

/** The text of an `eval`: it sees the variables and functions of the script around it. */
function codeOfText(run: Run, source: string, globals: ReadonlySet<string>): string {
  const script = parse(source)
  const definesFunction =
    script.functions.length > 0 || script.statements.some((node) => anyNode(node, isClosure))
  if (definesFunction) throw functionInText()
  const hasOuterFunction = (name: string, arity: number | undefined): boolean =>
    arity === undefined ? run.functions.named(name) !== undefined : run.functions.has(name, arity)
  const analysed = analyseScopes(script, 'dynamic')
  return emitProgram(script, analysed, { globals, hasOuterFunction })
}

function codeOfJson(source: string): string {
  const expression = parseJsonExpression(source)
  refuseProgram(expression)
  const { position } = expression
  const statements: readonly Statement[] = [{ kind: 'expression', expression, position }]
  const script: Script = { kind: 'script', statements, functions: [], documentation: [] }
  return emitProgram(script, analyseScopes(script), { globals: new Set() })
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
