/**
 * Variables of code that looks them up by name while it runs: a list, innermost last.
 *
 * @module
 */

import type { Value } from '../runtime/value.ts'
import { evaluationError, type PackedPosition, variablesExceeded } from './error/failure.ts'
import { VariableCell } from './place.ts'

export class DynamicScope {
  readonly #names: string[] = []
  readonly #cells: VariableCell[] = []
  readonly #variablesMax: number

  constructor(variablesMax = Number.POSITIVE_INFINITY) {
    this.#variablesMax = variablesMax
  }

  get length(): number {
    return this.#names.length
  }

  /** Declares a variable, shadowing others of its name. @throws RhaiError beyond the limit. */
  declare(name: string, value: Value, isConstant: boolean, at: PackedPosition): VariableCell {
    if (this.#names.length >= this.#variablesMax) throw variablesExceeded(this.#variablesMax, at)
    const cell = new VariableCell(value, isConstant)
    this.share(name, cell)
    return cell
  }

  /** Makes a variable that lives elsewhere visible here. */
  share(name: string, cell: VariableCell): void {
    this.#names.push(name)
    this.#cells.push(cell)
  }

  /** Forgets what was declared since the scope had this length. */
  rewind(length: number): void {
    this.#names.length = length
    this.#cells.length = length
  }

  /** How many variables were declared before this one; negative if it is not here any more. */
  placeOf(cell: VariableCell): number {
    return this.#cells.lastIndexOf(cell)
  }

  find(name: string): VariableCell | undefined {
    const index = this.#names.lastIndexOf(name)
    return index < 0 ? undefined : this.#cells[index]
  }
}

/** The variable of that name, or what the emitter knows the name to mean otherwise. */
export function lookup(
  scope: DynamicScope,
  name: string,
  at: PackedPosition,
  otherwise?: Value,
): VariableCell {
  const found = scope.find(name)
  if (found !== undefined) return found
  if (otherwise !== undefined) return new VariableCell(otherwise, true)
  throw variableNotFound(name, at)
}

export function variableNotFound(name: string, at: PackedPosition): unknown {
  return evaluationError('ErrorVariableNotFound', `Variable not found: ${name}`, at)
}
