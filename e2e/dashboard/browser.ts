/**
 * The built product and a real Chromium that looks at its dashboard.
 *
 * What a page complains of while a test looks at it (errors in its console, requests that failed or
 * were refused) is collected, and is the test's to expect or to fail of.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import process from 'node:process'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { makeDataDir, type Program, removeDataDir, startProgram } from '../program.ts'

const CHROMIUM = process.env.PICLOUD_TEST_CHROMIUM ?? '/usr/bin/chromium'
export const PASSWORD = 'correct horse battery'
const WAIT_MS = 10_000

export interface Dashboard extends AsyncDisposable {
  readonly program: Program
  readonly dataDir: string
  readonly browser: Browser
  readonly page: Page
  /** Those since the last call. */
  complaints(): readonly string[]
}

export interface SignedInDashboard extends Dashboard {
  /** An admin token, for what a test prepares without the browser. */
  readonly token: string
  /** Calls the admin API: the path is below `/api/v1/admin`. @throws when it is refused */
  ask(method: string, path: string, body?: unknown): Promise<unknown>
}

/** A program that nobody has set up yet. */
export async function openFreshDashboard(
  env: Readonly<Record<string, string>> = {},
  options: BrowserContextOptions = {},
): Promise<Dashboard> {
  await using stack = new AsyncDisposableStack()
  const dataDir = stack.adopt(await makeDataDir(), removeDataDir)
  const program = stack.adopt(await startProgram(dataDir, env), async (running) => {
    await running.stop()
  })
  const browser = stack.adopt(await launchBrowser(), (launched) => launched.close())
  const page = await browser.newPage(options)
  page.setDefaultTimeout(WAIT_MS)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`)
  })
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? ''
    // What a page no longer wants when it is left.
    if (!reason.includes('ERR_ABORTED')) complaints.push(`${reason} ${request.url()}`)
  })
  const opened = stack.move()
  return {
    ...{ program, dataDir, browser, page },
    complaints: () => complaints.splice(0),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** A program that is set up, and a page that shows its apps. */
export async function openDashboard(
  env: Readonly<Record<string, string>> = {},
  options: BrowserContextOptions = {},
): Promise<SignedInDashboard> {
  const dashboard = await openFreshDashboard(env, options)
  const { program, page } = dashboard
  const token = await setUp(program)
  await page.goto(`${program.url}/admin`)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Apps', exact: true }).waitFor()
  return {
    ...dashboard,
    token,
    ask: async (method, path, body) => {
      const answer = await fetch(`${program.url}/api/v1/admin${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`)
      return text === '' ? undefined : JSON.parse(text)
    },
  }
}

async function launchBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`There is no Chromium at ${CHROMIUM}.`)
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

async function setUp(program: Program): Promise<string> {
  const answer = await fetch(`${program.url}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      setup_token: program.setupUrl?.split('token=')[1] ?? '',
      password: PASSWORD,
      with_token: true,
    }),
  })
  const { token } = (await answer.json()) as { readonly token: string }
  return token
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const GRAVE = ['serious', 'critical']

/** What keeps people from using the page as it stands now, in words; by axe, of WCAG 2 A and AA. */
export async function barriersOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(await readFile(AXE, 'utf8'))
  const { violations } = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })`,
  )) as {
    readonly violations: readonly {
      readonly id: string
      readonly impact: string
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
    }[]
  }
  return violations
    .filter(({ impact }) => GRAVE.includes(impact))
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
    )
}

/** How far the page can be scrolled sideways beyond what is seen, in pixels. */
export async function overflowOf(page: Page): Promise<number> {
  return page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
}
