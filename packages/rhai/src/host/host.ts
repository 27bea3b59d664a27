/**
 * Everything a program offers to its scripts, made ready to be called.
 *
 * Made once and used by any number of scripts. A function without a module is found like one of the
 * library, before it where both take the same arguments.
 *
 * @module
 */
import { nativeOverloads } from '../library/registry.ts'
import type { Namespace } from '../machine/call/namespace.ts'
import { NativeOverloads } from '../runtime/native-function.ts'
import type { Value } from '../runtime/value.ts'
import type { HostDeclarations } from './host-function.ts'
import { HostNamespace } from './host-namespace.ts'

export class Host {
  readonly declarations: HostDeclarations
  readonly #global: HostNamespace
  readonly #merged = new Map<NativeOverloads, NativeOverloads>()

  /** @throws TypeError for declarations no script could use */
  constructor(declarations: HostDeclarations = {}) {
    this.declarations = declarations
    this.#global = new HostNamespace('', declarations)
  }

  /** The native functions of a name that take so many arguments, those of the library included. */
  overloads(name: string, arity: number): NativeOverloads | undefined {
    const library = nativeOverloads(name, arity)
    const own = this.#global.callee(name, arity)
    if (own === undefined || library === undefined) return own ?? library
    let merged = this.#merged.get(own)
    if (merged === undefined) {
      merged = new NativeOverloads()
      for (const native of [...own.all, ...library.all]) merged.add(native)
      this.#merged.set(own, merged)
    }
    return merged
  }

  /** Whether the host itself has functions of a name that take so many arguments. */
  declares(name: string, arity: number): boolean {
    return this.#global.callee(name, arity) !== undefined
  }

  /** Whether any function answers later. */
  get someWait(): boolean {
    return someAnswerLater(this.declarations)
  }

  /** The functions without a module that answer later. */
  get waitingFunctions(): readonly string[] {
    const { functions = {} } = this.declarations
    return Object.keys(functions).filter((name) =>
      [functions[name] ?? []].flat().some((each) => each.isAsync),
    )
  }

  /** The functions of a module of the host, given by its path. */
  qualifiedOverloads(path: readonly string[], name: string, arity: number) {
    const holder = path.reduce<HostNamespace | undefined>(
      (each, part) => each?.inner(part),
      this.#global,
    )
    return holder?.callee(name, arity)
  }

  /** The constants of all modules. */
  get constants(): Iterable<Value> {
    return this.#global.constants()
  }

  /** A module scripts need not import. */
  module(name: string): Namespace | undefined {
    return this.#global.inner(name)
  }
}

function someAnswerLater({ functions = {}, modules = {} }: HostDeclarations): boolean {
  return (
    Object.values(functions).some((declared) => [declared].flat().some((each) => each.isAsync)) ||
    Object.values(modules).some(someAnswerLater)
  )
}

/** Offers nothing. */
export const NO_HOST = new Host()
