/**
 * The libraries that modules stand on, loaded when a script first needs one: a sandbox starts fast
 * and small, whatever scripts could use.
 *
 * They are read from the folders that `pool/sandbox-code.ts` makes readable, and nothing else is.
 *
 * @module
 */
import { createRequire } from 'node:module'
import type { LibraryName } from '../pool/sandbox-code.ts'

const load = createRequire(import.meta.url)

/**
 * @example
 * const luxon = library<typeof import('luxon')>('luxon')
 * luxon().DateTime.now()
 */
export function library<T>(name: LibraryName | `${LibraryName}/${string}`): () => T {
  let loaded: T | undefined
  return () => {
    loaded ??= load(name) as T
    return loaded
  }
}
