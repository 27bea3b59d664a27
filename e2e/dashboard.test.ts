/**
 * The set-up link and the dashboard, in a real Chromium.
 */
import { existsSync } from 'node:fs'
import process from 'node:process'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { makeDataDir, type Program, picloud, ROOT, removeDataDir, startProgram } from './program.ts'

const CHROMIUM = process.env.PICLOUD_TEST_CHROMIUM ?? '/usr/bin/chromium'

let dataDir: string
let program: Program
let browser: Browser
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  expect(existsSync(CHROMIUM), `Chromium at ${CHROMIUM}`).toBe(true)
  dataDir = await makeDataDir()
  program = await startProgram(dataDir)
  browser = await chromium.launch({
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
  page = await browser.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
})

afterAll(async () => {
  await browser.close()
  await program.stop()
  await removeDataDir(dataDir)
})

afterEach(() => {
  expect(complaints.splice(0)).toEqual([])
})

const PASSWORD = 'correct horse battery'

it('sets PiCloud up with the printed link and shows the seeded endpoint', async () => {
  await page.goto(program.setupUrl ?? 'about:blank')
  await page.getByLabel('Choose a password').fill(PASSWORD)
  await page.getByLabel('Also make an access token').check()
  await page.getByRole('button', { name: 'Set up' }).click()
  const token = await page.getByTestId('admin-token').textContent()
  expect(token).toMatch(/^pic_/)
  await page.getByRole('link', { name: 'Go to your apps' }).click()
  await page.getByRole('heading', { name: 'default' }).waitFor()
  await page.getByText('hello').first().waitFor()
})

it('keeps who is signed in where no script of a page can read it', async () => {
  expect(await page.evaluate('document.cookie')).toBe('')
  const kept = await page.evaluate('JSON.stringify([localStorage, sessionStorage])')
  expect(kept).not.toContain('pic_')
  await page.reload()
  await page.getByRole('heading', { name: 'default' }).waitFor()
})

it('hides the session from scripts that answer on the same host', async () => {
  const { code } = await picloud(
    ['deploy', `${ROOT}/e2e/show-cookies.rhai`, '--route', '/cookies'],
    { PICLOUD_SERVER: program.url, PICLOUD_DATA_DIR: dataDir },
  )
  expect(code).toBe(0)
  await page.evaluate('void (document.cookie = "mine=1; path=/")')
  const seen = await page.evaluate('fetch("/cookies").then((answer) => answer.text())')
  expect(seen).toContain('mine=1')
  expect(seen).not.toContain('picloud_session')
})

it('asks for the password again after signing out, and takes none that is wrong', async () => {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').getByText('The name or the password is wrong.').waitFor()
  // The browser itself reports refused requests; that one was asked for.
  expect(complaints.splice(0).every((complaint) => complaint.includes('401'))).toBe(true)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'default' }).waitFor()
})

it('shows the sign-in form when the session was ended elsewhere', async () => {
  const { stdout } = await picloud(['password'], {
    PICLOUD_SERVER: program.url,
    PICLOUD_DATA_DIR: dataDir,
  })
  await page.getByRole('button', { name: 'Refresh' }).click()
  await page.getByRole('alert').getByText('The session has ended.').waitFor()
  expect(complaints.splice(0).every((complaint) => complaint.includes('401'))).toBe(true)
  await page.getByLabel('Password').fill(stdout.trim())
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'default' }).waitFor()
})

it('lets the set-up link work only once', async () => {
  const again = await fetch(`${program.url}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      setup_token: program.setupUrl?.split('token=')[1] ?? '',
      password: PASSWORD,
    }),
  })
  expect(again.status).toBeGreaterThanOrEqual(400)
  expect(again.headers.get('content-type')).toContain('application/problem+json')
})

it('never scrolls sideways on a phone, in light or dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width: 360, height: 740 })
    await page.goto(`${program.url}/admin`)
    await page.getByRole('heading', { name: /Sign in|Apps/ }).waitFor()
    const width = await page.locator('html').evaluate((html) => html.scrollWidth)
    expect(width).toBeLessThanOrEqual(360)
  }
})
