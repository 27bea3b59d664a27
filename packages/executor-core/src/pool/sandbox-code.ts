/**
 * Where a sandbox's own code lies, and what of the file system it must be able to read for it.
 *
 * A release has one file, `dist/sandbox.cjs`, made by the build from the worker and the language: it
 * starts in a third of the time of its 170 modules, takes 15 MB less, and nothing else needs to be
 * readable. Sources are run as they are while the workspace is developed.
 *
 * @module
 */
import { existsSync, realpathSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

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
  if (extname(self) === '.ts') return sources(folder)
  const bundle = join(folder, 'sandbox.cjs')
  return { main: bundle, nodeOptions: [], readable: [bundle] }
}

function sources(folder: string): SandboxCode {
  const root = dirname(folder)
  const link = languageLink(root)
  const language = realpathSync(link)
  return {
    main: join(folder, 'worker', 'main.ts'),
    nodeOptions: ['--conditions=@picloud/source'],
    readable: [
      join(folder, '/'),
      join(root, 'package.json'),
      link,
      join(language, 'src/'),
      join(language, 'package.json'),
    ],
  }
}

function languageLink(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const link = join(folder, 'node_modules', '@picloud', 'rhai')
    if (existsSync(link)) return link
    if (dirname(folder) === folder) {
      throw new Error(`The package @picloud/rhai is not installed beside ${from}.`)
    }
  }
}
