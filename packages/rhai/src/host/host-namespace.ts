/**
 * A module as the host declared it, with its names checked and its functions by name.
 *
 * @module
 */
import { isFunctionName, RESERVED_WORDS } from '../lex/words.ts'
import type { Namespace } from '../machine/call/namespace.ts'
import { NativeOverloads } from '../runtime/native-function.ts'
import { Cell, type Value } from '../runtime/value.ts'
import { checkedValue } from '../runtime/value-check.ts'
import type { HostModule, HostOverloads } from './host-function.ts'
import { nativeOf } from './host-native.ts'

export class HostNamespace implements Namespace {
  readonly #modules = new Map<string, HostNamespace>()
  readonly #constants = new Map<string, Cell>()
  readonly #functions = new Map<string, NativeOverloads>()

  /** `prefix` stands in front of its names in messages: empty, or `module::`. */
  constructor(prefix: string, { modules = {}, constants = {}, functions = {} }: HostModule) {
    for (const [name, declared] of Object.entries(modules)) {
      checkModuleName(name)
      this.#modules.set(name, new HostNamespace(`${prefix}${name}::`, declared))
    }
    for (const [name, value] of Object.entries(constants)) {
      checkName(name)
      this.#constants.set(name, new Cell(checkedValue(value, `The constant ${prefix}${name}`)))
    }
    for (const [name, declared] of Object.entries(functions)) {
      checkFunctionName(name, prefix !== '')
      this.#addFunctions(prefix, name, declared)
    }
  }

  inner(name: string): HostNamespace | undefined {
    return this.#modules.get(name)
  }

  variable(name: string): Cell | undefined {
    return this.#constants.get(name)
  }

  /** Of this module and those in it. */
  *constants(): IterableIterator<Value> {
    for (const { value } of this.#constants.values()) yield value
    for (const inner of this.#modules.values()) yield* inner.constants()
  }

  callee(name: string, arity: number): NativeOverloads | undefined {
    return this.#functions.get(`${name}/${arity}`)
  }

  #addFunctions(prefix: string, name: string, declared: HostOverloads): void {
    for (const each of [declared].flat()) {
      const key = `${name}/${each.parameters.length}`
      const overloads = this.#functions.get(key) ?? new NativeOverloads()
      const native = nativeOf(prefix + name, name, each)
      if (overloads.all.some((other) => `${other.masks}` === `${native.masks}`)) {
        throw new TypeError(`Two functions ${prefix}${name} take the same arguments`)
      }
      overloads.add(native)
      this.#functions.set(key, overloads)
    }
  }
}

function checkName(name: string): void {
  if (isFunctionName(name)) return
  throw new TypeError(`No script can write the name ${JSON.stringify(name)}`)
}

/** `global::` are the constants of the script. */
function checkModuleName(name: string): void {
  if (name === 'global') throw new TypeError("The name global is the script's own")
  checkName(name)
}

/** `log::debug(..)` can be written, although `debug` alone is the language's. */
function checkFunctionName(name: string, isInModule: boolean): void {
  const isCallable = isInModule && (RESERVED_WORDS.get(name) ?? 'never') !== 'never'
  if (!isCallable) checkName(name)
}
