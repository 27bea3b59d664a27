/**
 * Where a sandbox's own code lies, and what of the file system it must be able to read for it.
 *
 * A release has one file, `dist/sandbox.cjs`, made by the build from the worker and the language: it
 * starts in a third of the time of its 170 modules and takes 15 MB less. Sources are run as they are
 * while the workspace is developed. Besides, the libraries that modules stand on can be read, which
 * are loaded when a script first needs them (`worker/library.ts`).
 *
 * @module
 */
import { existsSync, realpathSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Packages whose folders sandboxes can read. Each has to do without others. */
const LIBRARIES = ['luxon', 're2js', 'uuid'] as const

export type LibraryName = (typeof LIBRARIES)[number]

export interface SandboxCode {
  readonly main: string
  /** Options of Node without which it does not run. */
  readonly nodeOptions: readonly string[]
  /** Files, and folders with a slash at their end, as the module loader will ask for them. */
  readonly readable: readonly string[]
}

export function sandboxCode(): SandboxCode {
  const self = fileURLToPath(import.meta.url)
  const folder = dirname(dirname(self))
  const code = extname(self) === '.ts' ? sources(folder) : bundle(folder)
  return { ...code, readable: [...code.readable, ...librariesFrom(dirname(folder))] }
}

function bundle(folder: string): SandboxCode {
  const main = join(folder, 'sandbox.cjs')
  return { main, nodeOptions: [], readable: [main] }
}

function sources(folder: string): SandboxCode {
  const root = dirname(folder)
  const languageLink = packageLink('@picloud/rhai', root)
  const sharedLink = packageLink('@picloud/shared', root)
  const language = realpathSync(languageLink)
  const shared = realpathSync(sharedLink)
  return {
    main: join(folder, 'worker', 'main.ts'),
    nodeOptions: ['--conditions=@picloud/source'],
    readable: [
      join(folder, '/'),
      join(root, 'package.json'),
      languageLink,
      join(language, 'src/'),
      join(language, 'package.json'),
      sharedLink,
      join(shared, 'src', 'value-bytes/'),
      join(shared, 'src', 'host-services.ts'),
      join(shared, 'package.json'),
    ],
  }
}

function librariesFrom(root: string): readonly string[] {
  const folders = LIBRARIES.flatMap((name) => {
    const link = packageLink(name, root)
    return [join(link, '/'), join(realpathSync(link), '/')]
  })
  return [...new Set(folders)]
}

function packageLink(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const link = join(folder, 'node_modules', name)
    if (existsSync(link)) return link
    if (dirname(folder) === folder) {
      throw new Error(`The package ${name} is not installed beside ${from}.`)
    }
  }
}
