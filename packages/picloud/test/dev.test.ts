/** `picloud dev` with a real folder, a real server and real saves. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '@picloud/storage/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startPicloud } from './command-line.ts'

const TOKEN = 'token-of-the-operator'

let root: string
let folder: string
let test: TestDatabase
const children: ChildProcess[] = []

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'picloud-dev-'))
  folder = join(root, 'app')
  await mkdir(folder)
  test = await createTestDatabase()
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await test.drop()
  await rm(root, { recursive: true })
})

function run(...args: string[]) {
  const child = startPicloud(args, {
    DATABASE_URL: test.connectionString,
    PICLOUD_DATA_DIR: join(root, 'data'),
    PICLOUD_ADMIN_TOKEN: TOKEN,
    PICLOUD_TOKEN: TOKEN,
    PICLOUD_SANDBOXES: '1',
  })
  children.push(child)
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      printed += String(chunk)
    })
  }
  const says = (what: string | RegExp) =>
    expect.poll(() => printed, { timeout: 20_000, interval: 20 }).toMatch(what)
  const forget = () => {
    printed = ''
  }
  return { child, says, forget, printed: () => printed }
}

const save = (name: string, text: string) => writeFile(join(folder, name), text)

async function ended(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'close')) as [number | null]
  return code
}

it('puts scripts live at every save, says what is wrong with one, and shows what runs', async () => {
  await save('index.rhai', '"first"')
  const dev = run('dev', folder, '--replace', '--port', '0')
  await dev.says(/Created the route \* \/.*http:\/\/localhost:\d+\/\n/s)
  const url = /(http:\/\/localhost:\d+)\/\n/.exec(dev.printed())?.[1] ?? ''
  expect(await (await fetch(`${url}/`)).text()).toBe('first')

  await save('index.rhai', 'log::info("ran"); "second"')
  await dev.says('Saved version 2')
  expect(await (await fetch(`${url}/`)).text()).toBe('second')
  await dev.says(/200 .*GET \/.*\n.*info +ran/)

  await save('index.rhai', 'let x = ;\n')
  await dev.says(/index\.rhai:1:9: /)
  await dev.says(/1 \| let x = ;\n +\| +\^/)
  expect(await (await fetch(`${url}/`)).text()).toBe('second')

  await save('other.rhai', '"other"')
  await dev.says(`${url}/other`)
  expect(await (await fetch(`${url}/other`)).text()).toBe('other')

  // As editors do: another file takes its place.
  await save('draft~', '"third"')
  await rename(join(folder, 'draft~'), join(folder, 'index.rhai'))
  await dev.says('Saved version 3')
  expect(await (await fetch(`${url}/`)).text()).toBe('third')

  const end = ended(dev.child)
  dev.child.kill('SIGINT')
  expect(await end).toBe(0)
  await expect(fetch(`${url}/`)).rejects.toThrow()
}, 60_000)

it('takes no route from another script unless it is told to', async () => {
  await save('index.rhai', '"mine"')
  const careful = run('dev', folder, '--port', '0')
  await careful.says(
    /index\.rhai is not live\. The route GET \/ .* runs another script, hello-world\..*--replace/,
  )
  const url = /(http:\/\/localhost:\d+)/.exec(careful.printed())?.[1] ?? ''
  expect(await (await fetch(`${url}/`)).json()).toMatchObject({ message: 'Hello, world!' })
  expect((await fetch(`${url}/`, { method: 'POST' })).status).toBe(405)
  // What others save is no reason to say it again.
  await save('other.rhai', '"other"')
  await careful.says(`${url}/other`)
  expect(careful.printed().split('is not live')).toHaveLength(2)
  const end = ended(careful.child)
  careful.child.kill('SIGINT')
  expect(await end).toBe(0)

  const bold = run('dev', folder, '--replace', '--port', '0')
  await bold.says('The route GET / now runs this script.')
  await bold.says('Created the route * /.')
  const taken = /(http:\/\/localhost:\d+)/.exec(bold.printed())?.[1] ?? ''
  expect(await (await fetch(`${taken}/`)).text()).toBe('mine')
}, 60_000)

it('shows the line at which a script fails, and what becomes of one whose file goes', async () => {
  await save('cart.rhai', 'let items = [1];\nitems[7]\n')
  const dev = run('dev', folder, '--port', '0')
  await dev.says('/cart\n')
  const url = /(http:\/\/localhost:\d+)/.exec(dev.printed())?.[1] ?? ''
  expect((await fetch(`${url}/cart`)).status).toBe(500)
  await dev.says(/failed .*out of bounds.*\n +2 \| items\[7\]\n +\| +\^/)

  await rename(join(folder, 'cart.rhai'), join(folder, 'basket.rhai'))
  await dev.says(
    'cart.rhai is gone. The script cart stays live until it is deleted: ' +
      'picloud scripts delete cart --app default --force',
  )
  await dev.says(`${url}/basket`)
  // The last one, too.
  await rm(join(folder, 'basket.rhai'))
  await dev.says('basket.rhai is gone.')
  await save('basket.rhai', '"back"')
  await dev.says('Saved version 2 of the script basket.')
}, 60_000)

it('deploys what is saved together once, however fast it is saved', async () => {
  await save('index.rhai', '0')
  const dev = run('dev', folder, '--replace', '--port', '0')
  await dev.says('Created the route')
  for (let number = 1; number <= 30; number += 1) await save('index.rhai', `${number}`)
  await dev.says('Saved version 2')
  const url = /(http:\/\/localhost:\d+)\/\n/.exec(dev.printed())?.[1] ?? ''
  await expect.poll(async () => await (await fetch(`${url}/`)).text()).toBe('30')
  expect(dev.printed()).not.toContain('Saved version 10 ')
}, 60_000)

it('makes an app what its folder says, at a server that goes and comes back', async () => {
  const server = run('start', '--port', '0')
  await server.says(/endpoints +http:\S+/)
  const url = /endpoints +(http:\S+?)\/\n/.exec(server.printed())?.[1] ?? ''
  const { port } = new URL(url)
  await save('picloud.toml', 'app = "shop"\ndomains = ["shop.localhost"]\n')
  await save('cart.rhai', '"cart 1"')
  const dev = run('dev', folder, '--server', url)
  await dev.says('created the app shop')

  const stopped = ended(server.child)
  server.child.kill('SIGKILL')
  await stopped
  await save('cart.rhai', '"cart 2"')
  await dev.says('Trying again')
  const again = run('start', '--port', port)
  await again.says('Press Ctrl-C')
  await dev.says('Done: the app shop is as')

  const end = ended(dev.child)
  dev.child.kill('SIGTERM')
  expect(await end).toBe(0)
}, 60_000)
