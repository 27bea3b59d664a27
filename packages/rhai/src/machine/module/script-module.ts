/**
 * One evaluation of one script: its functions, what it imported and what it exports.
 *
 * The script that a run was started for is a module like those it imports; only nobody sees what it
 * exports. Emitted code belongs to the module it was made for, whoever calls it, so a function or
 * closure that leaves its module still finds its own functions, imports and constants.
 *
 * Imports form a list that is never changed, innermost first: entering a block remembers where the
 * list begins, leaving it goes back there, and a closure keeps the list it was made with.
 *
 * @module
 */

import type { Host } from '../../host/host.ts'
import { copyValue } from '../../runtime/copy.ts'
import { Cell, type FunctionHome, type Value } from '../../runtime/value.ts'
import { type CompiledFunction, FunctionTable } from '../call/function-table.ts'
import type { Namespace } from '../call/namespace.ts'
import { DynamicScope } from '../dynamic-scope.ts'
import { VariableCell } from '../place.ts'

/** One import, and those before it. */
export interface Import {
  readonly name: string
  readonly module: ScriptModule
  readonly next: Import | undefined
}

/** A variable a module exports. */
interface Export {
  readonly alias: string
  /**
   * Grows with the place of the declaration. Undefined for what is looked up by name: its place is
   * known in the end, when it may be gone.
   */
  readonly rank: number | undefined
  /** The variable's cell, or how to read it. */
  readonly variable: Cell | (() => Value)
}

interface ScriptModuleInit {
  readonly host: Host
  /** What tells modules apart, and what the resolver is told about who imports. */
  readonly id?: string
  /** What messages call it; nothing for the script itself. */
  readonly source?: string
  /** Who imported it first. */
  readonly outer?: ScriptModule
}

export class ScriptModule implements Namespace, FunctionHome {
  readonly host: Host
  readonly id: string | undefined
  readonly source: string
  readonly outer: ScriptModule | undefined
  readonly functions = new FunctionTable()
  /** What is imported where the script is now; emitted code saves and restores it. */
  imports: Import | undefined
  /** Variables of the top level, and constants for `global::`, where they are found by name. */
  scope = new DynamicScope()
  readonly constants = new Map<string, Cell>()
  #exports: Export[] = []
  /** By name; the last import of a name is meant. */
  readonly #inner = new Map<string, ScriptModule>()
  readonly #variables = new Map<string, Cell>()
  readonly #imported = new Map<string, ScriptModule>()

  constructor({ host, id, source = '', outer }: ScriptModuleInit) {
    this.host = host
    this.id = id
    this.source = source
    this.outer = outer
  }

  /** Forgets what an evaluation left behind, for one with so many variables. The functions stay. */
  begin(variablesMax?: number): void {
    this.imports = undefined
    this.scope = new DynamicScope(variablesMax)
    this.constants.clear()
    this.#exports = []
    this.#imported.clear()
  }

  /** What this module imported by that path before. */
  imported(path: string): ScriptModule | undefined {
    return this.#imported.get(path)
  }

  noteImported(path: string, module: ScriptModule): void {
    this.#imported.set(path, module)
  }

  export(exported: Export): void {
    this.#exports.push(exported)
  }

  /** Settles what importers see, when the script has come to its end. */
  finish(): void {
    for (let each = this.imports; each !== undefined; each = each.next) {
      if (!this.#inner.has(each.name)) this.#inner.set(each.name, each.module)
    }
    const ranked = this.#exports.map((each) => ({ ...each, rank: this.#rankOf(each) }))
    const latestFirst = ranked
      .filter(({ rank }) => rank >= 0)
      .sort((left, right) => right.rank - left.rank)
    for (const { alias, variable } of latestFirst) {
      if (this.#variables.has(alias)) continue
      const cell = variable instanceof Cell ? variable : new Cell(copyValue(variable()))
      this.#variables.set(alias, cell)
    }
    this.#exports = []
  }

  #rankOf({ rank, variable }: Export): number {
    return rank ?? (variable instanceof VariableCell ? this.scope.placeOf(variable) : -1)
  }

  inner(name: string): ScriptModule | undefined {
    return this.#inner.get(name)
  }

  get innerModules(): readonly (readonly [name: string, ScriptModule])[] {
    return [...this.#inner]
  }

  variable(name: string): Cell | undefined {
    return this.#variables.get(name)
  }

  callee(name: string, arity: number): CompiledFunction | undefined {
    const found = this.functions.find(name, arity)
    return found?.isPrivate ? undefined : found
  }

  /** What this script has imported under a name. */
  importNamed(name: string): ScriptModule | undefined {
    for (let each = this.imports; each !== undefined; each = each.next) {
      if (each.name === name) return each.module
    }
    return undefined
  }

  /** What `name::` means in this script. */
  namespace(name: string): Namespace | undefined {
    for (let module: ScriptModule | undefined = this; module; module = module.outer) {
      const found = module.importNamed(name)
      if (found !== undefined) return found
    }
    return this.host.module(name)
  }

  /** The modules around this one, nearest first: what it does not define it may find there. */
  *around(): Iterable<ScriptModule> {
    for (let module = this.outer; module !== undefined; module = module.outer) yield module
  }
}

/** The list with everything in `kept` in front, for a closure that was made where that was seen. */
export function importsOfClosure(now: Import | undefined, kept: Import | undefined) {
  return kept === now ? now : inFront(kept, now)
}

function inFront(kept: Import | undefined, now: Import | undefined): Import | undefined {
  const names: Import[] = []
  for (let each = kept; each !== undefined && each !== now; each = each.next) names.push(each)
  return names.reduceRight<Import | undefined>((next, each) => ({ ...each, next }), now)
}
