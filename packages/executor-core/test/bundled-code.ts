/**
 * The sandbox's code in one file, as a release has it, made from the sources as they are now: tests
 * that start many processes would otherwise wait for 170 modules to load in each.
 *
 * @module
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import type { SandboxCode } from '../src/pool/sandbox-code.ts'

const WORKER = fileURLToPath(new URL('../src/worker/main.ts', import.meta.url))

const made = new Map<string, Promise<SandboxCode>>()

/** `before` is JavaScript that runs first. Made once per process, and removed with it. */
export function bundledCode(before = ''): Promise<SandboxCode> {
  const code = made.get(before) ?? bundle(before)
  made.set(before, code)
  return code
}

async function bundle(before: string): Promise<SandboxCode> {
  const folder = mkdtempSync(join(tmpdir(), 'picloud-sandbox-'))
  // A sandbox may run as another user than the test.
  chmodSync(folder, 0o755)
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'sandbox.cjs')
  await build({
    input: WORKER,
    platform: 'node',
    resolve: { conditionNames: ['@picloud/source', 'node', 'import'] },
    output: { file, format: 'cjs', banner: before },
    logLevel: 'warn',
  })
  return { main: file, nodeOptions: [], readable: [file] }
}
