/**
 * How a run finds the scripts that a script imports.
 *
 * A run asks once for each path that each module imports, and evaluates a module once however often
 * it is imported. Where sources come from is the host's business, and whether a path is relative
 * to the script that wrote it.
 *
 * @module
 */

/** A script that `compile` has made ready, which saves compiling it in each run. */
export interface CompiledModule {
  readonly code: string
}

export interface ResolvedModule {
  /** Tells modules apart: two paths that lead to the same `id` lead to one module. */
  readonly id: string
  /** Compiled like the script that imports it, if it is not compiled yet. */
  readonly source: string | CompiledModule
}

export interface ModuleResolver {
  /**
   * What `path` leads to in the module whose id is `importer`, which the script itself has none of.
   * Undefined if to nothing.
   */
  resolve(path: string, importer: string | undefined): ResolvedModule | undefined
}

/** Finds nothing. */
export const NO_MODULES: ModuleResolver = { resolve: () => undefined }
