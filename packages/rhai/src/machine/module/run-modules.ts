/**
 * The modules of one run: where they come from, which are loaded, which are being loaded.
 *
 * @module
 */

import { type ModuleResolver, NO_MODULES } from './module-resolver.ts'
import type { ScriptModule } from './script-module.ts'

export class RunModules {
  resolver: ModuleResolver = NO_MODULES
  /** How many imports have succeeded. */
  count = 0
  readonly #loaded = new Map<string, ScriptModule>()
  /** Those that have not come to their end yet, the outermost first. */
  readonly #loading: ScriptModule[] = []

  begin(resolver: ModuleResolver): void {
    this.resolver = resolver
    this.count = 0
    this.#loaded.clear()
    this.#loading.length = 0
  }

  find(id: string): ScriptModule | undefined {
    return this.#loaded.get(id)
  }

  /** The modules between the one with this id, if it is being loaded, and the innermost. */
  loadingSince(id: string): readonly ScriptModule[] {
    const index = this.#loading.findIndex((each) => each.id === id)
    return index < 0 ? [] : this.#loading.slice(index)
  }

  /** Loads a module by `evaluate`; it counts as loaded only if that comes to its end. */
  load(id: string, module: ScriptModule, evaluate: () => void): ScriptModule {
    this.#loading.push(module)
    try {
      evaluate()
    } finally {
      this.#loading.pop()
    }
    this.#loaded.set(id, module)
    return module
  }

  /** The same for a module that may wait for the host. */
  async loadLater(
    id: string,
    module: ScriptModule,
    evaluate: () => Promise<void>,
  ): Promise<ScriptModule> {
    this.#loading.push(module)
    try {
      await evaluate()
    } finally {
      this.#loading.pop()
    }
    this.#loaded.set(id, module)
    return module
  }
}
