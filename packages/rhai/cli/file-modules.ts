/**
 * Modules in files.
 *
 * A path is relative to the directory of the file that imports it, and its file ends in `.rhai`,
 * whatever the path ends in.
 *
 * @module
 */

import { dirname, extname, resolve } from 'node:path'
import type { ModuleResolver, RenderOptions } from '@picloud/rhai'
import { readScript } from './files.ts'

export class FileModules implements ModuleResolver, RenderOptions {
  readonly #scriptFile: string
  /** By the path they were imported with; nothing where that leads to several files. */
  readonly #files = new Map<string, { readonly id: string; readonly source: string | undefined }>()

  /** The modules a script in this file can import. */
  constructor(scriptFile: string) {
    this.#scriptFile = scriptFile
  }

  resolve(path: string, importer: string | undefined) {
    const file = resolve(dirname(importer ?? this.#scriptFile), path)
    const id = `${file.slice(0, file.length - extname(file).length)}.rhai`
    const source = readIfThere(id)
    if (source === undefined) return undefined
    const isSame = (this.#files.get(path)?.id ?? id) === id
    this.#files.set(path, { id, source: isSame ? source : undefined })
    return { id, source }
  }

  moduleSource(path: string): string | undefined {
    return this.#files.get(path)?.source
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readScript(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
