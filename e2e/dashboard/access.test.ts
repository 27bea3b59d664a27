/**
 * Who may look at the dashboard: the set-up link, signing in and out, in a real Chromium.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { picloud, ROOT } from '../program.ts'
import { barriersOn, type Dashboard, openFreshDashboard, overflowOf, PASSWORD } from './browser.ts'
import { expectOnlyRefusals } from './expected-refusal.ts'

let dashboard: Dashboard

beforeAll(async () => {
  dashboard = await openFreshDashboard()
})

afterAll(() => dashboard[Symbol.asyncDispose]())

afterEach(() => {
  expect(dashboard.complaints()).toEqual([])
})

async function signIn(): Promise<void> {
  const { page } = dashboard
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

it('sets PiCloud up with the printed link', async () => {
  const { page, program } = dashboard
  await page.goto(program.setupUrl ?? 'about:blank')
  await page.getByLabel('Choose a password').fill(PASSWORD)
  await page.getByLabel('Also make an access token').check()
  expect(await barriersOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Set up' }).click()
  const token = await page.getByTestId('admin-token').textContent()
  expect(token).toMatch(/^pic_/)
  expect(page.url()).not.toContain('token')
  await page.getByRole('link', { name: 'Go to your apps' }).click()
  await page.getByRole('link', { name: 'default' }).waitFor()
})

it('keeps who is signed in where no script of a page can read it', async () => {
  const { page } = dashboard
  expect(await page.evaluate('document.cookie')).toBe('')
  const kept = await page.evaluate('JSON.stringify([localStorage, sessionStorage])')
  expect(kept).not.toContain('pic_')
  await page.reload()
  await page.getByRole('link', { name: 'default' }).waitFor()
})

it('hides the session from scripts that answer on the same host', async () => {
  const { page, program, dataDir } = dashboard
  const { code } = await picloud(
    ['deploy', `${ROOT}/e2e/dashboard/show-cookies.rhai`, '--route', '/cookies'],
    { PICLOUD_SERVER: program.url, PICLOUD_DATA_DIR: dataDir },
  )
  expect(code).toBe(0)
  await page.evaluate('void (document.cookie = "mine=1; path=/")')
  const seen = await page.evaluate('fetch("/cookies").then((answer) => answer.text())')
  expect(seen).toContain('mine=1')
  expect(seen).not.toContain('picloud_session')
})

it('asks for the password again after signing out, and takes none that is wrong', async () => {
  const { page } = dashboard
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').getByText('The name or the password is wrong.').waitFor()
  expectOnlyRefusals(dashboard, 401)
  expect(await barriersOn(page)).toEqual([])
  await signIn()
  await page.getByRole('link', { name: 'default' }).waitFor()
})

it('asks who was signed out elsewhere, and leads back to the same page', async () => {
  const { page, program, dataDir } = dashboard
  await page.getByRole('link', { name: 'default' }).click()
  await page.getByRole('heading', { name: 'default' }).waitFor()
  const { stdout } = await picloud(['password'], {
    PICLOUD_SERVER: program.url,
    PICLOUD_DATA_DIR: dataDir,
  })
  await page.reload()
  await page.getByRole('alert').getByText('The session has ended.').waitFor()
  expectOnlyRefusals(dashboard, 401)
  await page.getByLabel('Password').fill(stdout.trim())
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'default' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/admin/apps/default')
})

it.each(['https://elsewhere.example/admin/', '//elsewhere.example', '/cookies', 'javascript:1'])(
  'leads nobody who signs in away to %s',
  async (wanted) => {
    const { page, program } = dashboard
    await page.goto(`${program.url}/admin/sign-in?to=${encodeURIComponent(wanted)}`)
    const { stdout } = await picloud(['password'], {
      PICLOUD_SERVER: program.url,
      PICLOUD_DATA_DIR: dashboard.dataDir,
    })
    await page.getByLabel('Password').fill(stdout.trim())
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Apps', exact: true }).waitFor()
    expect(page.url()).toBe(`${program.url}/admin/apps`)
  },
)

it('lets the set-up link work only once', async () => {
  const { program } = dashboard
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

it('goes anywhere by a few letters, with the keyboard alone', async () => {
  const { page, program } = dashboard
  await page.goto(`${program.url}/admin/apps`)
  await page.getByRole('link', { name: 'default' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Go to' }).waitFor()
  await page.getByRole('option', { name: 'Default app default' }).waitFor()
  expect(await barriersOn(page)).toEqual([])
  await page.keyboard.type('defa')
  await page.getByRole('option', { name: /^Apps/ }).waitFor({ state: 'detached' })
  await page.keyboard.press('Enter')
  await page.waitForURL('**/admin/apps/default')
})

it('never scrolls sideways on a phone, and is read by everyone, in light and dark', async () => {
  const { page, program } = dashboard
  await page.setViewportSize({ width: 360, height: 740 })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.goto(`${program.url}/admin`)
    await page.getByRole('link', { name: 'default' }).waitFor()
    expect(await overflowOf(page)).toBe(0)
    expect(await barriersOn(page)).toEqual([])
  }
})
