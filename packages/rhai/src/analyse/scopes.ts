/**
 * Finds out which variable each name means.
 *
 * Follows the reference: a block ends the variables declared in it, a declaration shadows, and a
 * closure sees exactly the variables the parser lists as its captures. A variable that a closure
 * captures anywhere is marked, because it must live in a cell from its declaration on; so is one
 * whose `this` a script method may replace inside a `try`, because the change outlives an error.
 * Unresolved names stay out of the maps; what they mean (a function, a global, an error) is for
 * the emitter, which knows what exists outside the script.
 *
 * @module
 */

import type {
  ClosureExpression,
  ExportStatement,
  Expression,
  FunctionDefinition,
  Name,
  Position,
  Script,
  Statement,
  Variable,
} from '../parse/ast.ts'
import { isPure } from './purity.ts'
import type {
  AnalysedScript,
  Binding,
  Capture,
  ClosureUnit,
  FunctionUnit,
  Unit,
  UnitMode,
} from './unit.ts'
import { anyNode, childrenOf, type Node } from './walk.ts'

/** Analyses a whole script. `mainMode` is dynamic for the text of an `eval`. */
export function analyseScopes(script: Script, mainMode?: UnitMode): AnalysedScript {
  const roots: readonly Node[] = [
    ...script.statements,
    ...script.functions.map((definition) => definition.body),
  ]
  const capturing = namesCalledAmongCallers(roots)
  const methods = new Set(script.functions.map(({ name, params }) => signature(name, params)))
  return {
    main: analyseMain(script.statements, mainMode ?? modeOf(script.statements), methods),
    functions: script.functions.map((definition) =>
      analyseFunction(definition, capturing, methods),
    ),
  }
}

function signature(name: string, params: readonly unknown[]): string {
  return `${name}/${params.length}`
}

function analyseMain(
  statements: readonly Statement[],
  mode: UnitMode,
  methods: ReadonlySet<string>,
): Unit {
  const resolver = new Resolver(mode, methods)
  resolver.statements(statements)
  return resolver.unit('script', [], false)
}

function analyseFunction(
  definition: FunctionDefinition,
  capturing: ReadonlySet<string>,
  methods: ReadonlySet<string>,
): FunctionUnit {
  const unit = analyseBody(definition, modeOf([definition.body]), methods)
  const isAmongCallers =
    capturing.has(signature(definition.name, definition.params)) || capturing.has(ANY_FUNCTION)
  const amongCallers = isAmongCallers ? analyseBody(definition, 'dynamic', methods) : undefined
  return { definition, unit, amongCallers }
}

function analyseBody(
  definition: FunctionDefinition,
  mode: UnitMode,
  methods: ReadonlySet<string>,
): Unit {
  const resolver = new Resolver(mode, methods)
  const params = definition.params.map((param) => resolver.declare(param, param.name, false))
  resolver.block(definition.body.statements)
  return resolver.unit('function', params, mentionsThis(definition.body))
}

function mentionsThis(node: Node): boolean {
  return anyNode(node, (each) => each.kind === 'this')
}

/** A unit is dynamic when it does something that needs its variables by name. */
function modeOf(nodes: readonly Node[]): UnitMode {
  return nodes.some((node) => anyNode(node, needsNames)) ? 'dynamic' : 'static'
}

function needsNames(node: Node): boolean {
  if (node.kind !== 'call') return false
  if (node.capturesScope) return true
  if (node.namespace.length > 0 || node.args.length !== 1) return false
  if (node.name === 'eval') return true
  return node.name === 'is_def_var' && node.args[0]?.kind !== 'string'
}

/** `call!(f)` may call any function among the variables of its caller. */
const ANY_FUNCTION = 'call!'

function namesCalledAmongCallers(roots: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>()
  const note = (node: Node): boolean => {
    if (node.kind !== 'call' || !node.capturesScope) return false
    names.add(node.name === 'call' ? ANY_FUNCTION : signature(node.name, node.args))
    return false
  }
  for (const root of roots) anyNode(root, note, true)
  return names
}

type Declaring = object & { readonly position: Position }

/** Resolves the names of one unit; closures in it get a resolver of their own. */
class Resolver {
  readonly #mode: UnitMode
  /** Script functions that can be called as methods: `name/arity`. */
  readonly #methods: ReadonlySet<string>
  /** How many bodies of `try` enclose the node being visited. */
  #tries = 0
  readonly #declarations = new Map<object, Binding>()
  readonly #references = new Map<Variable, Binding>()
  readonly #definedVariables = new Map<Extract<Expression, { kind: 'call' }>, boolean>()
  readonly #exports = new Map<ExportStatement, Binding>()
  readonly #closures = new Map<ClosureExpression, ClosureUnit>()
  /** Variables in scope, innermost last, and the same for each name. */
  readonly #visible: Binding[] = []
  readonly #byName = new Map<string, Binding[]>()
  /** Declared in the innermost block: a variable declared again there takes the place of the first. */
  #inBlock = new Set<string>()
  #inScope = 0
  readonly #peaks: Position[] = []

  constructor(mode: UnitMode, methods: ReadonlySet<string>) {
    this.#mode = mode
    this.#methods = methods
  }

  unit(kind: Unit['kind'], params: readonly Binding[], usesThis: boolean): Unit {
    return {
      kind,
      mode: this.#mode,
      params,
      usesThis,
      declarations: this.#declarations,
      references: this.#references,
      definedVariables: this.#definedVariables,
      exports: this.#exports,
      closures: this.#closures,
      peaks: this.#peaks,
    }
  }

  declare(node: Declaring, name: string, isConstant: boolean, literal?: Expression): Binding {
    const { position } = node
    const rank = this.#declarations.size
    const binding: Binding = { name, isConstant, position, isCaptured: false, literal, rank }
    if (!this.#inBlock.has(name)) {
      this.#inBlock.add(name)
      this.#inScope += 1
      if (this.#inScope > this.#peaks.length) this.#peaks.push(position)
    }
    this.#declarations.set(node, binding)
    this.#visible.push(binding)
    const namesakes = this.#byName.get(name)
    if (namesakes === undefined) this.#byName.set(name, [binding])
    else namesakes.push(binding)
    return binding
  }

  statements(statements: readonly Statement[]): void {
    for (const statement of statements) this.#visit(statement)
  }

  block(statements: readonly Statement[]): void {
    this.#scoped(() => this.statements(statements))
  }

  #find(name: string): Binding | undefined {
    return this.#byName.get(name)?.at(-1)
  }

  #scoped(work: () => void): void {
    const depth = this.#visible.length
    const inScope = this.#inScope
    const inBlock = this.#inBlock
    this.#inBlock = new Set()
    work()
    this.#inBlock = inBlock
    this.#inScope = inScope
    for (let i = this.#visible.length; i > depth; i--) this.#endLast()
  }

  #endLast(): void {
    const last = this.#visible.pop()
    if (last !== undefined) this.#byName.get(last.name)?.pop()
  }

  #visit(node: Node): void {
    switch (node.kind) {
      case 'block':
        this.block(node.statements)
        return
      case 'variable':
        'isConstant' in node ? this.#declaration(node) : this.#reference(node)
        return
      case 'assignment':
        this.#visit(node.value)
        this.#visit(node.target)
        return
      case 'for':
        this.#visit(node.iterable)
        this.#scoped(() => {
          if (node.counter !== undefined) this.declare(node.counter, node.counter.name, false)
          this.declare(node.variable, node.variable.name, false)
          this.#visit(node.body)
        })
        return
      case 'try':
        this.#tries += 1
        this.#visit(node.body)
        this.#tries -= 1
        this.#scoped(() => {
          if (node.variable !== undefined) this.declare(node.variable, node.variable.name, false)
          this.#visit(node.handler)
        })
        return
      case 'closure':
        this.#closure(node)
        return
      case 'export':
        this.#export(node)
        return
      case 'call':
        this.#definition(node)
        break
      case 'chain':
        this.#methodOnVariable(node)
        break
      default:
        break
    }
    for (const child of childrenOf(node)) this.#visit(child)
  }

  #declaration(node: Extract<Statement, { kind: 'variable' }>): void {
    if (node.value !== undefined) this.#visit(node.value)
    const isLiteral = node.isConstant && node.value !== undefined && isPure(node.value)
    this.declare(node, node.name, node.isConstant, isLiteral ? node.value : undefined)
  }

  #export(node: ExportStatement): void {
    const binding = this.#find(node.name.name)
    if (binding !== undefined) this.#exports.set(node, binding)
  }

  #reference(node: Variable): void {
    if (node.namespace.length > 0) return
    const binding = this.#find(node.name)
    if (binding !== undefined) this.#references.set(node, binding)
  }

  #definition(node: Extract<Expression, { kind: 'call' }>): void {
    const [only] = node.args
    if (node.name === 'is_def_var' && node.args.length === 1 && only?.kind === 'string') {
      this.#definedVariables.set(node, this.#find(only.value) !== undefined)
    }
  }

  #methodOnVariable({ base, links }: Extract<Expression, { kind: 'chain' }>): void {
    const [first] = links
    if (this.#tries === 0 || base.kind !== 'variable' || first?.kind !== 'method') return
    if (first.name !== 'call' && !this.#methods.has(signature(first.name, first.args))) return
    const binding = this.#find(base.name)
    if (binding !== undefined && !binding.isConstant) binding.isCaptured = true
  }

  #closure(node: ClosureExpression): void {
    const inner = new Resolver(modeOf([node.body]), this.#methods)
    const captures = node.captures.map((capture) => this.#capture(capture, inner))
    const params = node.params.map((param) => inner.declare(param, param.name, false))
    inner.statements([node.body])
    const unit = inner.unit('closure', params, mentionsThis(node.body))
    this.#closures.set(node, { ...unit, captures })
  }

  #capture(name: Name, inner: Resolver): Capture {
    const outer = this.#find(name.name)
    const isByValue = outer?.literal !== undefined
    if (outer !== undefined && !isByValue) outer.isCaptured = true
    const stand = inner.declare(name, name.name, !isByValue && (outer?.isConstant ?? false))
    stand.isCaptured = true
    return { name: name.name, position: name.position, outer, inner: stand }
  }
}
