/**
 * The variables the parser knows while inside one function, closure or the script itself.
 *
 * Promises: lookups take constant time however many variables there are; names a closure uses
 * without declaring them are collected once each, in order of first use.
 * Knows nothing of values or slots.
 *
 * @module
 */
import type { RhaiErrorLimit } from '../rhai-error.ts'
import type { Name, Position } from './ast.ts'

interface Declaration {
  readonly name: string
  readonly isConstant: boolean
  /** The declaration of the same name that this one hides. */
  readonly hidden: Declaration | undefined
}

export class FunctionFrame {
  /** How deep expressions and blocks may nest here. */
  readonly depth: RhaiErrorLimit
  readonly #declared: Declaration[] = []
  readonly #visible = new Map<string, Declaration>()
  readonly #captured = new Map<string, Name>()

  constructor(depth: RhaiErrorLimit) {
    this.depth = depth
  }

  /** Used but not declared here, in order of first use. */
  get captures(): Name[] {
    return [...this.#captured.values()]
  }

  /** Height of the stack of declarations, for {@link FunctionFrame.rewind}. */
  get height(): number {
    return this.#declared.length
  }

  declare(name: string, isConstant: boolean): void {
    const declaration = { name, isConstant, hidden: this.#visible.get(name) }
    this.#declared.push(declaration)
    this.#visible.set(name, declaration)
  }

  /** Forgets what was declared since the stack had this height. */
  rewind(height: number): void {
    while (this.#declared.length > height) {
      const last = this.#declared.pop()
      if (last === undefined) return
      if (last.hidden === undefined) this.#visible.delete(last.name)
      else this.#visible.set(last.name, last.hidden)
    }
  }

  isDeclared(name: string): boolean {
    return this.#visible.has(name)
  }

  isConstant(name: string): boolean {
    return this.#visible.get(name)?.isConstant === true
  }

  /** Notes the use of a name that is not declared here. */
  capture(name: string, position: Position): void {
    if (!this.#captured.has(name)) this.#captured.set(name, { name, position })
  }
}
