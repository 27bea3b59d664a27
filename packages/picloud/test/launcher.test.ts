import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Makes the Node that runs the launcher say that it is an old one. */
const OLD_NODE = `--import=data:text/javascript,${encodeURIComponent(
  `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })`,
)}`

/** Stands for the built program: says who runs it, then does what it is told. */
const PROGRAM = `
const [word] = process.argv.slice(2)
process.stdout.write(JSON.stringify({ args: process.argv.slice(2), node: process.versions.node }))
if (word === 'fail') process.exitCode = 6
if (word === 'wait') {
  process.on('SIGTERM', () => process.exit(7))
  setInterval(() => {}, 1000)
}
`

describe('bin/picloud.mjs', () => {
  let root = ''
  let launcher = ''
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'picloud-launcher-'))
    launcher = join(root, 'packages', 'picloud', 'bin', 'picloud.mjs')
    await mkdir(join(root, 'packages', 'picloud', 'bin'), { recursive: true })
    await copyFile(new URL('../bin/picloud.mjs', import.meta.url), launcher)
  })
  afterAll(() => rm(root, { recursive: true }))

  function start(nodeFlags: readonly string[], ...args: string[]) {
    const child = spawn(process.execPath, [...nodeFlags, launcher, ...args])
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk)
    })
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk)
    })
    const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }))
    return { child, ended, printed: () => stdout }
  }

  const run = (nodeFlags: readonly string[], ...args: string[]) => start(nodeFlags, ...args).ended

  it('says that the program is not built', async () => {
    const ended = await run([])
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toBe(
      'picloud: it is not built yet; run "npm run build" in the workspace.\n',
    )
  })

  it('says in one line that this Node is too old, when there is no other', async () => {
    await build()
    expect(await run([OLD_NODE])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'picloud: Node 24 or later is needed; this is Node 20.1.0.\n',
    })
  })

  it('runs the program on a Node that is new enough', async () => {
    await build()
    const ended = await run([], 'fail', '--json')
    expect(ended).toMatchObject({ code: 6, stderr: '' })
    expect(JSON.parse(ended.stdout).args).toEqual(['fail', '--json'])
  })

  it('hands over to the Node of the workspace, with arguments, exit code and signals', async () => {
    await build()
    await mkdir(join(root, 'node_modules', '.bin'), { recursive: true })
    await symlink(process.execPath, join(root, 'node_modules', '.bin', 'node'))
    const ended = await run([OLD_NODE], 'fail', 'x y')
    expect(ended).toMatchObject({ code: 6, stderr: '' })
    expect(JSON.parse(ended.stdout)).toEqual({
      args: ['fail', 'x y'],
      node: process.versions.node,
    })

    const waiting = start([OLD_NODE], 'wait')
    await expect.poll(waiting.printed, { timeout: 15_000 }).toContain('wait')
    waiting.child.kill('SIGTERM')
    expect((await waiting.ended).code).toBe(7)
  })

  async function build(): Promise<void> {
    const dist = join(root, 'packages', 'picloud', 'dist')
    await mkdir(dist, { recursive: true })
    await writeFile(join(dist, 'main.js'), PROGRAM)
    await writeFile(join(dist, '..', 'package.json'), '{"type":"module"}')
  }
})
