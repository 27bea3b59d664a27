/**
 * The command that starts a sandbox process, and everything that process is denied.
 *
 * - no environment, no standard input, output thrown away
 * - Node's permission model: reads of its own code only; no writes, child processes, threads,
 *   add-ons or inspector
 * - no code from strings, no `__proto__`
 * - a heap ceiling
 * - on Linux, what `linux-confinement.ts` takes away besides
 *
 * @module
 */
import { existsSync, realpathSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { confinedOnLinux } from './linux-confinement.ts'

export interface SandboxCommand {
  readonly file: string
  readonly args: readonly string[]
}

const MIB = 1024 * 1024
const SEMI_SPACE_MIB = 8

export function sandboxCommand(sandboxMemoryBytesMax: number): SandboxCommand {
  const heapMib = Math.ceil(sandboxMemoryBytesMax / MIB)
  const self = fileURLToPath(import.meta.url)
  const extension = extname(self)
  const code = dirname(dirname(self))
  const readable = readablePaths(code, extension)
  const node = [
    process.execPath,
    '--permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    '--disallow-code-generation-from-strings',
    '--disable-proto=delete',
    '--no-warnings',
    `--max-old-space-size=${heapMib}`,
    `--max-semi-space-size=${SEMI_SPACE_MIB}`,
    // Sources are run as they are while the workspace is developed; a release has only JavaScript.
    ...(extension === '.ts' ? ['--conditions=@picloud/source'] : []),
    join(code, 'worker', `main${extension}`),
    String(heapMib),
  ]
  const onLinux = process.platform === 'linux'
  const whole = onLinux ? confinedOnLinux(node, heapMib, [process.execPath, ...readable]) : node
  const [file = '', ...args] = whole
  return { file, args }
}

/** The sandbox's own code: this package and the language, as the module loader will ask for them. */
function readablePaths(code: string, extension: string): readonly string[] {
  const root = dirname(code)
  const link = languageLink(root)
  const language = realpathSync(link)
  return [
    join(code, '/'),
    join(root, 'package.json'),
    link,
    join(language, extension === '.ts' ? 'src/' : 'dist/'),
    join(language, 'package.json'),
  ]
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
