/**
 * The language outside Node: the built package in a page and in a web worker of a real Chromium.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

const CHROMIUM = process.env.PICLOUD_TEST_CHROMIUM ?? '/usr/bin/chromium'
const DIST = fileURLToPath(new URL('../packages/rhai/dist/', import.meta.url))

/** What the page and the worker do with the package; it must not rely on anything else. */
const TRIAL = `
import { ANY, canonicalText, compile, describe, diagnose, Host, hostFunction, RhaiError, render } from '/index.js'

export function attempt() {
  const lines = []
  const info = hostFunction([ANY], (context, text) => { lines.push(text) })
  const source = 'log::info("big: " + 2 ** 62); print([1.5, #{ a: timestamp().elapsed < 5.0 }]); [3, 1].reduce(|s, v| s + v, 0)'
  const { value } = compile(source, { host: new Host({ modules: { log: { functions: { info } } } }) })
    .instantiate()
    .run({ print: (text) => lines.push(text), limits: { operationsMax: 10000 } })
  const told = diagnose('let x = ;\\nlet y = (1 2);').map(({ message }) => message)
  const used = describe(source).modules.map(({ path }) => path)
  try {
    compile('fn f() { throw "no" } f()').instantiate().run()
  } catch (error) {
    if (error instanceof RhaiError) lines.push(render(error, 'fn f() { throw "no" } f()'))
  }
  const node = ['process', 'Buffer', 'require', 'global'].filter((name) => name in globalThis)
  return { value: canonicalText(value), lines, told, used, node }
}
`

const EXPECTED = {
  value: '4',
  lines: [
    'big: 4611686018427387904',
    '[1.5, #{"a": true}]',
    'Runtime error: no\n  1 | fn f() { throw "no" } f()\n    |          ^^^^^\n' +
      'in call to function \'f\'\n  1 | fn f() { throw "no" } f()\n    |                       ^',
  ],
  told: ["Unexpected ';'", "Expecting ')' for a matching ( in this expression"],
  used: ['log'],
  node: [],
}

const PAGES: Readonly<Record<string, readonly [string, string]>> = {
  '/': ['text/html', '<!doctype html><title>rhai</title>'],
  '/trial.js': ['text/javascript', TRIAL],
  '/worker.js': ['text/javascript', "import { attempt } from '/trial.js'\npostMessage(attempt())"],
}

let server: Server
let browser: Browser
let page: Page

beforeAll(async () => {
  expect(existsSync(CHROMIUM), `Chromium at ${CHROMIUM}`).toBe(true)
  expect(existsSync(`${DIST}index.js`), 'the built package').toBe(true)
  server = createServer((request, response) => {
    void answer(request.url ?? '/').then(([type, body]) => {
      response.writeHead(type === '' ? 404 : 200, { 'content-type': type }).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  page = await browser.newPage()
  const { port } = server.address() as AddressInfo
  await page.goto(`http://127.0.0.1:${port}/`)
})

afterAll(async () => {
  await browser.close()
  await new Promise((resolve) => server.close(resolve))
})

async function answer(path: string): Promise<readonly [string, string | Buffer]> {
  const known = PAGES[path]
  if (known !== undefined) return known
  if (!/^\/[\w/-]+\.js$/.test(path)) return ['', '']
  try {
    return ['text/javascript', await readFile(`${DIST}${path.slice(1)}`)]
  } catch {
    return ['', '']
  }
}

it('works in a page', async () => {
  const result = await page.evaluate("import('/trial.js').then(({ attempt }) => attempt())")
  expect(result).toEqual(EXPECTED)
})

it('works in a web worker', async () => {
  const result = await page.evaluate(`new Promise((resolve, reject) => {
    const worker = new Worker('/worker.js', { type: 'module' })
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(message))
  })`)
  expect(result).toEqual(EXPECTED)
})
