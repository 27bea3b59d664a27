/**
 * What a sandbox process may touch: JavaScript runs in one exactly as the worker would, with the
 * worker's command line, and tries.
 */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sandboxCommand } from './sandbox-command.ts'

const MIB = 1024 * 1024
const isRoot = process.getuid?.() === 0

/** Evaluates an expression in a process started like a sandbox; its value comes back as JSON. */
function inSandbox(expression: string, memoryBytesMax = 64 * MIB): unknown {
  const { file, args } = sandboxCommand(memoryBytesMax)
  const code = `
    let result
    try {
      result = await (${expression})
    } catch (error) {
      result = 'refused: ' + (error.code ?? error.name)
    }
    process.stdout.write(JSON.stringify(result ?? null))`
  // The last two arguments are the worker and its heap size.
  const all = [...args.slice(0, -2), '--input-type=module', '--eval', code]
  const { stdout, stderr } = spawnSync(file, all, { env: {}, cwd: '/', timeout: 20_000 })
  if (stdout.byteLength === 0) throw new Error(`no result: ${stderr}`)
  return JSON.parse(stdout.toString('utf8'))
}

const DENIED = 'refused: ERR_ACCESS_DENIED'

describe('a sandbox process', () => {
  it('has an empty environment', () => {
    const names = inSandbox('Object.keys(process.env)') as string[]
    // What a shell sets of its own accord says nothing about the supervisor.
    expect(names.filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name))).toEqual([])
  })

  it.each([
    ['read a file', `(await import('node:fs')).readFileSync('/etc/passwd', 'utf8')`],
    ['list a folder', `(await import('node:fs')).readdirSync('/')`],
    ['write a file', `(await import('node:fs')).writeFileSync('/tmp/picloud-sandbox', '')`],
    ['start a process', `(await import('node:child_process')).spawnSync('/bin/true').status`],
    ['start a thread', `new (await import('node:worker_threads')).Worker('', { eval: true })`],
    ['load an add-on', `process.dlopen({ exports: {} }, '/tmp/x.node')`],
    ['open an inspector', `(await import('node:inspector')).open(0)`],
  ])('cannot %s', (_what, expression) => {
    expect(inSandbox(expression)).toMatch(/^refused: ERR_(?:ACCESS_DENIED|DLOPEN)/)
  })

  it('reads nothing of the supervisor through /proc', () => {
    expect(
      inSandbox(`(await import('node:fs')).readFileSync('/proc/' + process.ppid + '/environ')`),
    ).toBe(DENIED)
  })

  it.each([
    ['eval', `(0, eval)('1')`],
    ['Function', `new Function('return 1')()`],
    ['a constructor', `(() => {}).constructor('return 1')()`],
  ])('makes no code from a string with %s', (_what, expression) => {
    expect(inSandbox(expression)).toBe('refused: EvalError')
  })

  it('is refused memory outside the heap beyond its ceiling, and lives on', () => {
    const fill = `(() => {
      const all = []
      try {
        for (;;) all.push(new Uint8Array(8 * 1024 * 1024).fill(1))
      } catch (error) {
        return { megabytes: all.length * 8, error: error.message }
      }
    })()`
    const result = inSandbox(fill) as { megabytes: number; error: string }
    expect(result.error).toMatch(/allocation failed/)
    expect(result.megabytes).toBeLessThan(512)
  })

  it.runIf(isRoot)('has given up the rights of root', () => {
    const changesUser =
      '(() => { try { process.setuid(1); return true } catch { return false } })()'
    expect(inSandbox(changesUser)).toBe(false)
  })

  it.runIf(isRoot && isOpenToAll(import.meta.dirname))('runs as a user that owns nothing', () => {
    expect(inSandbox('process.getuid() === 0 || process.getgid() === 0')).toBe(false)
  })
})

/** Where only root may enter, nobody else could read the sandbox's code. */
function isOpenToAll(folder: string): boolean {
  const isOpen = (statSync(folder).mode & 0o001) !== 0
  return isOpen && (folder === dirname(folder) || isOpenToAll(dirname(folder)))
}
