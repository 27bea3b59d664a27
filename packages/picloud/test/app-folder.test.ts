import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { picloud } from './command-line.ts'
import { type ManagerForCommands, startManagerForCommands, TOKEN } from './manager-for-commands.ts'

const EXAMPLE = fileURLToPath(new URL('../../../examples/shop', import.meta.url))

let manager: ManagerForCommands
let directory: string

beforeAll(async () => {
  manager = await startManagerForCommands()
  directory = await mkdtemp(join(tmpdir(), 'picloud-folder-'))
})
afterAll(async () => {
  await manager.close()
  await rm(directory, { recursive: true })
})

let made = 0
/** A folder of its own for each test. */
let folder: string
let app: string
beforeEach(async () => {
  made += 1
  app = `app-${made}`
  folder = join(directory, app)
  await mkdir(folder)
})

function run(...args: string[]) {
  return picloud(args, { PICLOUD_SERVER: manager.url, PICLOUD_TOKEN: TOKEN })
}
async function write(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text)
}
async function manifest(slug = app) {
  const { stdout } = await run('export', slug)
  return JSON.parse(stdout).manifest
}

/** An app of one script and one route, as a folder. */
async function begin(): Promise<void> {
  const toml = `app = "${app}"\ndomains = ["${app}.test"]\n\n[[routes]]\npath = "/"\nscript = "a"\n`
  await write('picloud.toml', toml)
  await write('a.rhai', '1\n')
}

describe('picloud deploy FOLDER', () => {
  it('makes the app, when told to, and says what of it changed the next time', async () => {
    await begin()
    const missing = await run('deploy', folder)
    expect(missing.code).toBe(5)
    expect(missing.stderr).toContain('--create makes it.')
    const created = await run('deploy', folder, '--create')
    expect(created).toEqual({
      code: 0,
      stdout: '',
      stderr:
        `+ app ${app}\n+ domain ${app}.test\n+ script a (+1 -0 lines)\n+ route * /\n` +
        `Done: created the app ${app}.\n`,
    })
    const same = await run('deploy', folder, '--create')
    expect(same.stderr).toBe(`The app ${app} is as ${folder}/picloud.toml says.\n`)

    await write('a.rhai', '2\n')
    const diff = await run('diff', folder)
    expect(diff).toEqual({
      code: 0,
      stdout: '~ script a (+1 -1 lines)\n--- a\n+++ a\n@@ -1,1 +1,1 @@\n-1\n+2\n',
      stderr: '',
    })
    expect((await run('diff', folder, '--exit-code')).code).toBe(1)
    expect((await manifest()).scripts).toEqual([{ name: 'a', source: '1\n' }])
    const changed = JSON.parse((await run('deploy', folder, '--json')).stdout)
    expect(changed).toMatchObject({ applied: true, changes: [{ action: 'script.save' }] })
    expect((await run('diff', folder, '--exit-code')).code).toBe(0)
  })

  it('deletes nothing unless somebody agrees', async () => {
    await begin()
    await run('deploy', folder, '--create')
    await rm(join(folder, 'a.rhai'))
    await write('picloud.toml', `app = "${app}"\ndomains = ["${app}.test"]\nname = "Empty"\n`)
    const before = await manifest()
    const refused = await run('deploy', folder)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toBe(
      `~ app ${app}: name: "${app}" -> "Empty"\n- route * /\n` +
        '- script a (with its versions and records)\n' +
        'error: 2 things would be deleted, so nothing was changed. --yes agrees to that.\n',
    )
    expect(await manifest()).toEqual(before)
    expect((await run('deploy', folder, '--yes')).code).toBe(0)
    expect(await manifest()).toMatchObject({ name: 'Empty', scripts: [], routes: [] })
  })

  it('goes to another app when told to', async () => {
    await begin()
    await write('picloud.toml', '')
    const nowhere = await run('deploy', folder)
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('Say which app')])
    expect((await run('deploy', folder, '--app', `${app}-x`, '--create')).code).toBe(0)
    expect((await manifest(`${app}-x`)).scripts).toHaveLength(1)
  })

  it('says in which file what is wrong stands, and changes nothing', async () => {
    await begin()
    await run('deploy', folder, '--create')
    const before = await manifest()
    await write('a.rhai', 'let a = 1;\nlet b = ;\n')
    await write('b.rhai', 'fn (')
    const more = '\n[[routes]]\npath = "nowhere"\nscript = "b"\n'
    await write('picloud.toml', (await readFile(join(folder, 'picloud.toml'), 'utf8')) + more)
    const { code, stderr } = await run('deploy', folder)
    expect(code).toBe(1)
    expect(stderr).toMatch(/error: \S+\/a\.rhai:2:9: .*\n +2 \| let b = ;\n +\| +\^\n/)
    expect(stderr).toMatch(/\/b\.rhai:1:\d+: /)
    expect(stderr).toMatch(/picloud\.toml: route 2: path: The path pattern "nowhere"/)
    expect(await manifest()).toEqual(before)
  })

  it.each([
    ['no TOML', 'app = "x"\nname = \n', /picloud\.toml:2:\d+: /],
    ['a key nobody knows', 'app = "x"\nrotes = []\n', /picloud\.toml: rotes: There is no such key/],
    [
      'a route with one',
      '[[routes]]\npath = "/"\nhole = true\n[[routes]]\npth = "/"\npath = "/x"\nhole = true\n',
      /picloud\.toml: route 2: pth: There is no such key/,
    ],
    ['a route without its path', '[[routes]]\nhole = true\n', /route 1: path: It is missing/],
    ['a route to nothing', '[[routes]]\npath = "/"\n', /route 1: A route has either a script or/],
    ['a setting with one', '[settings]\nx = 1\n', /picloud\.toml: settings\.x: There is no such/],
  ])('refuses a picloud.toml with %s', async (_what, text, message) => {
    await write('picloud.toml', text)
    const { code, stderr } = await run('deploy', folder, '--app', 'x')
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)])
  })

  it('refuses what is no such folder, and flags of the other kind', async () => {
    const bare = await run('deploy', folder, '--app', 'x')
    expect([bare.code, bare.stderr]).toEqual([2, expect.stringContaining('has no picloud.toml')])
    await begin()
    expect((await run('deploy', folder, '--route', '/')).code).toBe(2)
    expect((await run('deploy', join(folder, 'a.rhai'), '--route', '/', '--yes')).code).toBe(2)
    expect((await run('deploy', join(folder, 'a.rhai'))).stderr).toContain('--route PATH')
    await write('x y.rhai', '1')
    expect((await run('deploy', folder)).code).toBe(2)
  })
})

describe('picloud pull', () => {
  it('writes a folder that deploys to the same app', async () => {
    await cp(EXAMPLE, folder, { recursive: true })
    expect((await run('deploy', folder, '--create')).code).toBe(0)
    const copy = join(directory, 'copy')
    expect(await run('pull', 'shop', copy)).toMatchObject({ code: 0, stdout: '' })
    expect((await readdir(copy)).toSorted()).toEqual((await readdir(EXAMPLE)).toSorted())
    expect((await run('diff', copy, '--exit-code')).code).toBe(0)

    await writeFile(join(copy, 'mine.rhai'), '1')
    await writeFile(join(copy, 'notes.md'), 'mine')
    const refused = await run('pull', 'shop', copy)
    expect([refused.code, refused.stderr]).toEqual([6, expect.stringContaining('--force')])
    expect((await run('pull', 'shop', copy, '--force')).code).toBe(0)
    expect((await readdir(copy)).toSorted()).toEqual(
      [...(await readdir(EXAMPLE)), 'notes.md'].toSorted(),
    )
  })
})

describe('picloud export and import', () => {
  it('take an app elsewhere', async () => {
    await begin()
    await run('deploy', folder, '--create')
    const file = join(folder, 'app.json')
    expect(await run('export', app, '-o', file)).toMatchObject({ code: 0, stdout: '' })
    const taken = await run('import', file, '--as', `${app}-copy`)
    expect([taken.code, taken.stderr]).toEqual([6, expect.stringContaining('another app claims')])
    const made = await run('import', file, '--as', `${app}-copy`, '--without-domains')
    expect(made).toMatchObject({ code: 0, stderr: `Created the app ${app}-copy.\n` })
    expect(await manifest(`${app}-copy`)).toEqual({ ...(await manifest()), domains: [] })

    await run('apps', 'delete', app, '--force')
    expect((await run('import', file)).code).toBe(0)
    await writeFile(file, '{"format": "other"}')
    const foreign = await run('import', file)
    expect([foreign.code, foreign.stderr]).toEqual([2, expect.stringContaining('is no app as')])
  })
})
