/**
/**
 * The compiled scripts of this sandbox, by program: a version with all that it imports, and with the
 * services its app is granted.
 *
 * None of that ever changes, so an entry is never stale; the least recently used ones go when there
 * are too many or their sources are too long together. A source that does not compile is kept as
 * its failure, so that it is not compiled again for every request.
 *
 * @module
 */
import {
  type CompiledScript,
  compile,
  type Host,
  type ModuleResolver,
  type Program,
  RhaiError,
} from '@picloud/rhai'
import type { ExecutionFailure } from '@picloud/shared'
import type { Callee } from '../protocol/invocation-message.ts'
import { readsOf } from '../protocol/script-reads.ts'
import { sourcesIn } from '../protocol/script-sources.ts'
import { failureOfSource } from './failure-of.ts'
import type { GrantedHosts } from './granted-hosts.ts'
import { ImportedScripts } from './imported-scripts.ts'
import { type GlobalsOf, globalsFor, SCRIPT_GLOBALS } from './script-globals.ts'

/** Until it has shown otherwise it is one that takes long. */
const FIRST_USUAL_MS = 1
/** Emitted code, its machine code and the program's tables, measured per byte of source. */
const BYTES_PER_SOURCE_BYTE = 60

const NO_MODULES: ModuleResolver = { resolve: () => undefined }

export interface ProgramCacheOptions {
  readonly bytesMax: number
  readonly entriesMax: number
  readonly evaluate: (code: string) => unknown
  readonly hosts: GrantedHosts
}

export type Compilation =
  | {
      readonly kind: 'compiled'
      readonly program: Program
      readonly globalsOf: GlobalsOf
      readonly modules: ModuleResolver
    }
  | { readonly kind: 'refused'; readonly failure: ExecutionFailure }

/** One program; compiled when it is first run. */
export interface ScriptEntry {
  readonly bytes: number
  readonly compilation: () => Compilation
  /** Lets go of what it imports. */
  readonly release: () => void
  /** How long it usually computes, in milliseconds, see `run-queue.ts`. */
  usualMs: number
}

export class ProgramCache {
  readonly #options: ProgramCacheOptions
  /** In order of use, the least recent first. */
  readonly #entries = new Map<string, ScriptEntry>()
  /** By the host they are compiled with; there are few. */
  readonly #imported = new Map<Host, ImportedScripts>()
  #bytes = 0

  constructor(options: ProgramCacheOptions) {
    this.#options = options
  }

  find(program: string): ScriptEntry | undefined {
    const entry = this.#entries.get(program)
    if (entry === undefined) return undefined
    this.#entries.delete(program)
    this.#entries.set(program, entry)
    return entry
  }

  /** @throws ProtocolError when the sources are not what the facts say */
  add({ app, program, imports: facts }: Callee, body: Uint8Array): void {
    if (this.find(program) !== undefined) return
    const { source, imports = [] } = sourcesIn(facts, body)
    const bytes = body.byteLength * BYTES_PER_SOURCE_BYTE
    const host = this.#options.hosts.for(app.services)
    const imported = this.#importedWith(host)
    const modules = imports.length === 0 ? NO_MODULES : imported.take(imports)
    this.#entries.set(program, {
      bytes,
      compilation: once(() => this.#compile(source, host, modules)),
      release: () => imported.release(imports),
      usualMs: FIRST_USUAL_MS,
    })
    this.#bytes += bytes
    this.#evict(program)
  }

  /** A script that is imported is compiled with the host of the one that imports it. */
  #importedWith(host: Host): ImportedScripts {
    let imported = this.#imported.get(host)
    if (imported === undefined) {
      imported = new ImportedScripts((source) => compiled(source, host))
      this.#imported.set(host, imported)
    }
    return imported
  }

  #compile(source: string, host: Host, modules: ModuleResolver): Compilation {
    try {
      const program = compiled(source, host).instantiate(this.#options.evaluate)
      return { kind: 'compiled', program, globalsOf: globalsFor(readsOf(source)), modules }
    } catch (error) {
      if (!(error instanceof RhaiError)) throw error
      return { kind: 'refused', failure: failureOfSource(error) }
    }
  }

  #evict(kept: string): void {
    const { bytesMax, entriesMax } = this.#options
    for (const program of this.#entries.keys()) {
      if (this.#bytes <= bytesMax && this.#entries.size <= entriesMax) return
      if (program !== kept) this.#remove(program)
    }
  }

  #remove(program: string): void {
    const entry = this.#entries.get(program)
    if (entry === undefined) return
    this.#entries.delete(program)
    this.#bytes -= entry.bytes
    entry.release()
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function compiled(source: string, host: Host): CompiledScript {
  return compile(source, { globals: SCRIPT_GLOBALS, host })
}
