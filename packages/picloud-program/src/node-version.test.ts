import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const MODULE = fileURLToPath(new URL('./node-version.ts', import.meta.url))
const MAIN = `
const { onRecentNode } = await import(${JSON.stringify(MODULE)})
process.exitCode = await onRecentNode('picloud-x', async () => {
  process.stdout.write('ran')
  return 7
})`

function run(before: string) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--no-warnings', '--input-type=module', '-e', before + MAIN],
    { encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

describe('onRecentNode', () => {
  it('refuses an old Node in one line and loads nothing', () => {
    const old = `Object.defineProperty(process, 'versions', { value: { node: '22.1.0' } })`
    expect(run(old)).toEqual({
      status: 1,
      stdout: '',
      stderr: 'picloud-x: Node 24 or later is needed; this is Node 22.1.0.\n',
    })
  })

  it('runs the program on this one, and ends as it says', () => {
    expect(run('')).toEqual({ status: 7, stdout: 'ran', stderr: '' })
  })
})
