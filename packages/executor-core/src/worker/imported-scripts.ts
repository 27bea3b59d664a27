/**
 * The scripts that other scripts of this sandbox import, compiled once for all of them, by version.
 *
 * One is kept for as long as a program that imports it.
 *
 * @module
 */
import type { CompiledScript, ModuleResolver } from '@picloud/rhai'
import type { ImportedScript } from '@picloud/shared'

interface Held {
  readonly compiled: () => CompiledScript
  users: number
}

export class ImportedScripts {
  readonly #compile: (source: string) => CompiledScript
  readonly #held = new Map<string, Held>()

  constructor(compile: (source: string) => CompiledScript) {
    this.#compile = compile
  }

  /**
   * Where a program finds what it imports; each is compiled when it is first imported.
   *
   * A name means the same in the program and in all that it imports.
   */
  take(imports: readonly ImportedScript[]): ModuleResolver {
    const byName = new Map(
      imports.map(({ name, versionId, source }) => [
        name,
        { id: versionId, compiled: this.#hold(versionId, source).compiled },
      ]),
    )
    return {
      resolve: (name) => {
        const found = byName.get(name)
        return found === undefined ? undefined : { id: found.id, source: found.compiled() }
      },
    }
  }

  /** For a program that is there no more. */
  release(imports: readonly ImportedScript[]): void {
    for (const { versionId } of imports) {
      const held = this.#held.get(versionId)
      if (held === undefined) continue
      held.users -= 1
      if (held.users === 0) this.#held.delete(versionId)
    }
  }

  #hold(versionId: string, source: string): Held {
    let held = this.#held.get(versionId)
    if (held === undefined) {
      let compiled: CompiledScript | undefined
      held = {
        compiled: () => {
          compiled ??= this.#compile(source)
          return compiled
        },
        users: 0,
      }
      this.#held.set(versionId, held)
    }
    held.users += 1
    return held
  }
}
