/**
 * The compiled scripts of this sandbox, by version.
 *
 * A version never changes, so an entry is never stale; the least recently used ones go when there
 * are too many or their sources are too long together. A source that does not compile is kept as
 * its failure, so that it is not compiled again for every request.
 *
 * @module
 */
import { compile, type Host, type Program, RhaiError } from '@picloud/rhai'
import type { ExecutionFailure } from '@picloud/shared'
import { readsOf } from '../protocol/script-reads.ts'
import { failureOfSource } from './failure-of.ts'
import { type GlobalsOf, globalsFor, SCRIPT_GLOBALS } from './script-globals.ts'

/** Until it has shown otherwise it is one that takes long. */
const FIRST_USUAL_MS = 1
/** Emitted code, its machine code and the program's tables, measured per byte of source. */
const BYTES_PER_SOURCE_BYTE = 60

export interface ProgramCacheOptions {
  readonly bytesMax: number
  readonly entriesMax: number
  readonly evaluate: (code: string) => unknown
  readonly host: Host
}

export type Compilation =
  | {
      readonly kind: 'compiled'
      readonly program: Program
      readonly globalsOf: GlobalsOf
    }
  | { readonly kind: 'refused'; readonly failure: ExecutionFailure }

/** One version; compiled when it is first run. */
export interface ScriptEntry {
  readonly bytes: number
  readonly compilation: () => Compilation
  /** How long it usually computes, in milliseconds, see `run-queue.ts`. */
  usualMs: number
}

export class ProgramCache {
  readonly #options: ProgramCacheOptions
  /** In order of use, the least recent first. */
  readonly #entries = new Map<string, ScriptEntry>()
  #bytes = 0

  constructor(options: ProgramCacheOptions) {
    this.#options = options
  }

  find(versionId: string): ScriptEntry | undefined {
    const entry = this.#entries.get(versionId)
    if (entry === undefined) return undefined
    this.#entries.delete(versionId)
    this.#entries.set(versionId, entry)
    return entry
  }

  add(versionId: string, source: Uint8Array): void {
    if (this.find(versionId) !== undefined) return
    const text = Buffer.from(source.buffer, source.byteOffset, source.byteLength).toString('utf8')
    const bytes = source.byteLength * BYTES_PER_SOURCE_BYTE
    this.#entries.set(versionId, {
      bytes,
      compilation: once(() => this.#compile(text)),
      usualMs: FIRST_USUAL_MS,
    })
    this.#bytes += bytes
    this.#evict(versionId)
  }

  #compile(source: string): Compilation {
    const { evaluate, host } = this.#options
    try {
      const script = compile(source, { globals: SCRIPT_GLOBALS, host })
      const program = script.instantiate(evaluate)
      return { kind: 'compiled', program, globalsOf: globalsFor(readsOf(source)) }
    } catch (error) {
      if (!(error instanceof RhaiError)) throw error
      return { kind: 'refused', failure: failureOfSource(error) }
    }
  }

  #evict(kept: string): void {
    const { bytesMax, entriesMax } = this.#options
    for (const versionId of this.#entries.keys()) {
      if (this.#bytes <= bytesMax && this.#entries.size <= entriesMax) return
      if (versionId !== kept) this.#remove(versionId)
    }
  }

  #remove(versionId: string): void {
    const entry = this.#entries.get(versionId)
    if (entry === undefined) return
    this.#entries.delete(versionId)
    this.#bytes -= entry.bytes
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
