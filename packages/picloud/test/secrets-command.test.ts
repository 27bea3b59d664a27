import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { picloud, picloudReading } from './command-line.ts'
import { type ManagerForCommands, startManagerForCommands, TOKEN } from './manager-for-commands.ts'

let manager: ManagerForCommands
let folder: string
let env: Record<string, string>

beforeAll(async () => {
  manager = await startManagerForCommands()
  folder = await mkdtemp(join(tmpdir(), 'picloud-secrets-command-'))
  env = { PICLOUD_SERVER: manager.url, PICLOUD_TOKEN: TOKEN }
})
afterAll(async () => {
  await manager.close()
  await rm(folder, { recursive: true })
})

const secrets = (...args: string[]) => picloud(['secrets', ...args], env)
const set = (input: string, ...args: string[]) =>
  picloudReading(input, ['secrets', 'set', ...args], env)

async function names(): Promise<readonly string[]> {
  const { stdout } = await secrets('list', '--json')
  return JSON.parse(stdout).items.map((item: { name: string }) => item.name)
}

describe('picloud secrets', () => {
  it('sets, lists and deletes, and shows no value', async () => {
    expect(await secrets('list')).toMatchObject({ code: 0, stderr: expect.stringContaining('no') })
    const made = await set('hunter22\n', 'API_KEY')
    expect(made).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'The secret API_KEY of the app default is set.\n',
    })
    const file = join(folder, 'key.pem')
    await writeFile(file, 'line one\nline two\n')
    const fromFile = await secrets('set', 'PEM', '--from-file', file, '--json')
    expect(JSON.parse(fromFile.stdout)).toMatchObject({ name: 'PEM', used_by: [] })
    const list = await secrets('list')
    expect(list.stdout).toMatch(/NAME +SET +USED BY\nAPI_KEY .* -\nPEM .* -\n/)
    const deleted = await secrets('delete', 'PEM')
    expect(deleted.stderr).toBe('Deleted the secret PEM of the app default.\n')
    expect(await names()).toEqual(['API_KEY'])
    for (const { stdout, stderr } of [made, fromFile, list, deleted]) {
      expect(stdout + stderr).not.toMatch(/hunter|line one/)
    }
  })

  it('says so when no value comes, or one that is too short', async () => {
    const none = await set('\n', 'LATER')
    expect(none).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^error: No value was given: pipe it in, or use --from-file\.\n/,
      ),
    })
    const short = await set('abc', 'LATER')
    expect(short.code).toBe(2)
    expect(short.stderr).toBe(
      'error: value: Must have 4 characters besides the white space around them.\n',
    )
  })

  it('takes no value as an argument', async () => {
    const refused = await secrets('set', 'LATER', 'hunter2hunter2')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('A value is never an argument')
    expect(refused.stderr).not.toContain('hunter2')
    const flag = await secrets('set', 'LATER', '--value=hunter2hunter2')
    expect(flag.code).toBe(2)
    expect(await names()).not.toContain('LATER')
  })

  it.each([
    ['a short value', 'abc', ['SHORT'], 'characters'],
    ['a name that is none', 'hunter22', ['a b'], 'No secret can be named'],
    ['an app that is none', 'hunter22', ['KEY', '--app', 'nowhere'], 'nowhere'],
  ])('says what is wrong with %s', async (_what, input, args, text) => {
    const { code, stderr } = await set(input, ...args)
    expect(code).not.toBe(0)
    expect(stderr).toContain(text)
    expect(stderr).not.toContain('hunter22')
  })

  it('says when a file is not to be read', async () => {
    const file = join(folder, 'bytes')
    await writeFile(file, Buffer.from([0xff, 0xfe, 1, 2, 3]))
    expect((await secrets('set', 'KEY', '--from-file', file)).stderr).toContain('is not UTF-8')
    const missing = await secrets('set', 'KEY', '--from-file', join(folder, 'none'))
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('ENOENT') })
  })

  it('says that a key that was given cannot be changed from here', async () => {
    const { code, stderr } = await secrets('rotate-key')
    expect(code).not.toBe(0)
    expect(stderr).toContain('PICLOUD_SECRETS_KEY')
    const forgotten = await secrets('rotate-key', '--forget-old-keys', '--json')
    expect(JSON.parse(forgotten.stdout)).toMatchObject({ is_new_key: false, old_key_ids: [] })
  })
})
