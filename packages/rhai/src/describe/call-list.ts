/**
 * Collects calls by name, and those of modules with the texts they are called with first.
 *
 * @module
 */
import type { Expression } from '../parse/ast.ts'
import type { CallDescription, ModuleCallDescription } from './description.ts'

export class CallList {
  readonly #counts = new Map<string, Set<number>>()

  add(name: string, argumentCount: number): void {
    const counts = this.#counts.get(name)
    if (counts === undefined) this.#counts.set(name, new Set([argumentCount]))
    else counts.add(argumentCount)
  }

  /** In the order of first use. */
  get described(): readonly CallDescription[] {
    return [...this.#counts].map(([name, counts]) => ({
      name,
      argumentCounts: [...counts].sort((left, right) => left - right),
    }))
  }
}

export class ModuleCallList {
  readonly #calls = new CallList()
  readonly #texts = new Map<string, Set<string | null>>()

  add(name: string, args: readonly Expression[]): void {
    this.#calls.add(name, args.length)
    const [first] = args
    if (first === undefined) return
    const text = first.kind === 'string' ? first.value : null
    const texts = this.#texts.get(name)
    if (texts === undefined) this.#texts.set(name, new Set([text]))
    else texts.add(text)
  }

  /** In the order of first use. */
  get described(): readonly ModuleCallDescription[] {
    return this.#calls.described.map((call) => ({
      ...call,
      firstTexts: [...(this.#texts.get(call.name) ?? [])],
    }))
  }
}
