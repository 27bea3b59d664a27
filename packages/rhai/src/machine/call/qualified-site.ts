/**
 * What stands behind `::`: functions of modules, and their constants.
 *
 * A {@link QualifiedSite} is made once for each place in a script. Which module a name means is
 * looked up each time, because imports come and go; what the module holds never changes, so it is
 * looked up when the module is another one than the last time.
 *
 * @module
 */

import type { NativeOverloads } from '../../runtime/native-function.ts'
import { functionNotFound } from '../../runtime/raise.ts'
import type { Value } from '../../runtime/value.ts'
import { variableNotFound } from '../dynamic-scope.ts'
import { evaluationError, located, type PackedPosition } from '../error/failure.ts'
import type { ScriptModule } from '../module/script-module.ts'
import type { RunState } from '../run-state.ts'
import type { CompiledFunction } from './function-table.ts'
import type { Namespace } from './namespace.ts'

export class QualifiedSite {
  readonly run: RunState
  readonly name: string
  readonly at: PackedPosition
  readonly module: ScriptModule
  readonly #path: readonly string[]
  readonly #pathAt: PackedPosition
  readonly #arity: number
  #root: Namespace | undefined
  #callee: CompiledFunction | NativeOverloads | undefined

  /** `at` is where the name stands, `pathAt` where the path in front of it begins. */
  constructor(
    run: RunState,
    module: ScriptModule,
    path: readonly string[],
    pathAt: PackedPosition,
    name: string,
    at: PackedPosition,
    arity: number,
  ) {
    this.run = run
    this.module = module
    this.name = name
    this.at = at
    this.#path = path
    this.#pathAt = pathAt
    this.#arity = arity
  }

  callee(): CompiledFunction | NativeOverloads | undefined {
    const root = this.#rootNow()
    if (root !== this.#root) {
      this.#root = root
      this.#callee = this.#holder(root)?.callee(this.name, this.#arity)
    }
    return this.#callee
  }

  variable(): Value {
    const cell = this.#holder(this.#rootNow())?.variable(this.name)
    if (cell === undefined) throw variableNotFound(this.#qualifiedName(), this.#pathAt)
    return cell.value
  }

  notFound(args: readonly Value[]): unknown {
    return located(functionNotFound(this.#qualifiedName(), args), this.at)
  }

  /** What the first name of the path means now. @throws RhaiError `ErrorModuleNotFound` */
  #rootNow(): Namespace {
    const [first = ''] = this.#path
    const root = this.module.namespace(first)
    if (root !== undefined) return root
    const text = `Module not found: ${this.#path.join('::')}`
    throw evaluationError('ErrorModuleNotFound', text, this.#pathAt)
  }

  #holder(root: Namespace): Namespace | undefined {
    let holder: Namespace | undefined = root
    for (let i = 1; i < this.#path.length; i++) holder = holder?.inner(this.#path[i] ?? '')
    return holder
  }

  #qualifiedName(): string {
    return [...this.#path, this.name].join('::')
  }
}

/** `module::NAME`. */
export function qualifiedVariable(site: QualifiedSite): Value {
  return site.variable()
}
