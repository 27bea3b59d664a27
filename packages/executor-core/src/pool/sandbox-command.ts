/**
 * The command that starts a sandbox process, and everything that process is denied.
 *
 * - no environment, no standard input, output thrown away
 * - Node's permission model: reads of its own code and of libraries only; no writes, child
 *   processes, threads, add-ons or inspector
 * - no code from strings, no `__proto__`, no SQLite, deaf to the signal that opens an inspector
 * - a heap ceiling
 * - on Linux, what `linux-confinement.ts` takes away besides
 *
 * @module
 */
import { confinedOnLinux } from './linux-confinement.ts'
import { type SandboxCode, sandboxCode } from './sandbox-code.ts'

export interface SandboxCommand {
  readonly file: string
  readonly args: readonly string[]
  /** What this system does not deny it, in words for an operator. */
  readonly missing?: readonly string[]
}

const MIB = 1024 * 1024
const SEMI_SPACE_MIB = 8

export function sandboxCommand(
  sandboxMemoryBytesMax: number,
  code: SandboxCode = sandboxCode(),
): SandboxCommand {
  const heapMib = Math.ceil(sandboxMemoryBytesMax / MIB)
  const { main, nodeOptions, readable } = code
  const node = [
    process.execPath,
    '--permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    '--disallow-code-generation-from-strings',
    '--disable-proto=delete',
    '--disable-sigusr1',
    // The permission model does not know of it, and it reads and writes files.
    '--no-experimental-sqlite',
    '--no-warnings',
    `--max-old-space-size=${heapMib}`,
    `--max-semi-space-size=${SEMI_SPACE_MIB}`,
    ...nodeOptions,
    main,
    String(heapMib),
  ]
  const { command, missing } =
    process.platform === 'linux'
      ? confinedOnLinux(node, heapMib, [process.execPath, ...readable])
      : { command: node, missing: ['what only Linux denies a process'] }
  const [file = '', ...args] = command
  return { file, args, missing }
}
