/**
 * Variables that are never used, do not exist, or cannot be assigned to.
 *
 * Only units are looked at whose variables are all known before they run: one that evaluates text
 * or lets a function see its variables is left alone.
 *
 * @module
 */
import { analyseScopes } from '../analyse/scopes.ts'
import type { Binding, Unit } from '../analyse/unit.ts'
import { type Node, nodesOf, nodesOutsideClosures, rootsOf } from '../analyse/walk.ts'
import type { TokenTable } from '../lex/token-table.ts'
import type { Position, Script } from '../parse/ast.ts'
import type { Diagnostic, WarningKind } from './diagnostic.ts'
import { closestName } from './suggestion.ts'

/** @param globals variables of the host; undefined when they are not known. */
export function* variableWarnings(
  script: Script,
  tokens: TokenTable,
  globals: readonly string[] | undefined,
): Generator<Diagnostic> {
  const inspector = new Inspector(script, tokens, globals)
  const { main, functions } = analyseScopes(script)
  yield* inspector.inspect(main, script.statements, true)
  for (const { definition, unit, amongCallers } of functions) {
    yield* inspector.inspect(unit, [definition.body], amongCallers === undefined)
  }
}

class Inspector {
  readonly #tokens: TokenTable
  readonly #hasKnownGlobals: boolean
  readonly #globals: ReadonlySet<string>
  readonly #functions: ReadonlySet<string>
  /** Names that are asked about, exported or reached in other ways than as variables. */
  readonly #mentioned: ReadonlySet<string>
  /** Variables at the top level of the script, which functions do not see. */
  readonly #outer: ReadonlySet<string>

  constructor(script: Script, tokens: TokenTable, globals: readonly string[] | undefined) {
    this.#tokens = tokens
    this.#hasKnownGlobals = globals !== undefined
    this.#globals = new Set(globals)
    this.#functions = new Set(script.functions.map((definition) => definition.name))
    this.#mentioned = new Set([...nodesOf(rootsOf(script))].flatMap(namesMentioned))
    this.#outer = new Set(
      script.statements.flatMap((node) => (node.kind === 'variable' ? node.name : [])),
    )
  }

  /** @param seesAll whether all variables the unit can see are in the script or the globals. */
  *inspect(unit: Unit, roots: readonly Node[], seesAll: boolean): Generator<Diagnostic> {
    const isStatic = unit.mode === 'static'
    if (isStatic) yield* this.#inspectOwn(unit, roots, seesAll)
    for (const [node, closure] of unit.closures) {
      for (const { name, position, outer } of closure.captures) {
        if (outer === undefined && isStatic && seesAll) yield* this.#unknown(name, position, unit)
      }
      yield* this.inspect(closure, [node.body], isStatic && seesAll)
    }
  }

  *#inspectOwn(unit: Unit, roots: readonly Node[], seesAll: boolean): Generator<Diagnostic> {
    const used = new Set<Binding | undefined>(unit.references.values())
    for (const { captures } of unit.closures.values()) {
      for (const { outer } of captures) used.add(outer)
    }
    for (const node of nodesOutsideClosures(roots)) {
      if (node.kind === 'assignment') yield* this.#assignment(unit, node.target)
      if (node.kind !== 'variable') continue
      if ('isConstant' in node) {
        const isUsed = node.isExported || used.has(unit.declarations.get(node))
        if (!isUsed) yield* this.#unused(node.name, node.namePosition)
      } else if (node.namespace.length === 0 && seesAll && !unit.references.has(node)) {
        yield* this.#unknown(node.name, node.position, unit)
      }
    }
  }

  *#unused(name: string, position: Position): Generator<Diagnostic> {
    if (name.startsWith('_') || this.#mentioned.has(name)) return
    yield this.#warning('UnusedVariable', `Variable '${name}' is never used`, position)
  }

  *#unknown(name: string, position: Position, unit: Unit): Generator<Diagnostic> {
    if (!this.#hasKnownGlobals || this.#globals.has(name)) return
    if (this.#functions.has(name) || this.#mentioned.has(name)) return
    const isHidden = unit.kind !== 'script' && this.#outer.has(name)
    const text = isHidden
      ? `Variable '${name}' is not known here: functions see no variables from outside`
      : `No variable '${name}' is known${this.#hint(name, unit)}`
    yield this.#warning('UnknownVariable', text, position)
  }

  #hint(name: string, unit: Unit): string {
    const declared = [...unit.declarations.values()].map((binding) => binding.name)
    const names = new Set([...declared, ...this.#globals, ...this.#functions])
    const closest = closestName(name, names)
    return closest === undefined ? '' : `; did you mean '${closest}'?`
  }

  /** The parser refuses what is assigned to the constants of the same function. */
  *#assignment(unit: Unit, target: Node): Generator<Diagnostic> {
    if (target.kind !== 'variable' || !('namespace' in target)) return
    if (target.namespace.length > 0) return
    const binding = unit.references.get(target)
    const isConstant = binding?.isConstant ?? this.#globals.has(target.name)
    if (!isConstant) return
    const text = `'${target.name}' is constant and cannot be assigned to`
    yield this.#warning('AssignmentToConstant', text, target.position)
  }

  #warning(kind: WarningKind, message: string, position: Position): Diagnostic {
    return { severity: 'warning', kind, message, range: this.#tokens.rangeAt(position) }
  }
}

function namesMentioned(node: Node): readonly string[] {
  switch (node.kind) {
    case 'export':
      return [node.name.name]
    case 'call': {
      const [first] = node.args
      return node.name === 'is_def_var' && first?.kind === 'string' ? [first.value] : []
    }
    case 'variable':
      return 'namespace' in node && node.namespace.length > 0 ? [node.name] : []
    default:
      return []
  }
}
