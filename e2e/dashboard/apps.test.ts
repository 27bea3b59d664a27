/**
 * The list of apps, and making one, in a real Chromium.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { barriersOn, openDashboard, overflowOf, type SignedInDashboard } from './browser.ts'

let dashboard: SignedInDashboard

beforeAll(async () => {
  dashboard = await openDashboard()
})

afterAll(() => dashboard[Symbol.asyncDispose]())

beforeEach(async () => {
  const { page } = dashboard
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.emulateMedia({ colorScheme: 'light' })
})

afterEach(() => {
  expect(dashboard.complaints()).toEqual([])
})

async function open(path: string): Promise<void> {
  const { page, program } = dashboard
  await page.goto(`${program.url}/admin${path}`)
}

it('says of a slug while it is typed whether it can be had', async () => {
  const { page, ask } = dashboard
  await ask('POST', '/apps', { slug: 'old-name', name: 'Renamed' })
  await ask('PATCH', '/apps/old-name', { slug: 'new-name' })
  await open('/apps?new')
  const dialog = page.getByRole('dialog')
  const create = dialog.getByRole('button', { name: 'Create' })
  for (const [slug, word, isFine] of [
    ['Not a slug', 'invalid', false],
    ['admin', 'reserved', false],
    ['default', 'in use', false],
    ['free', 'available', true],
  ] as const) {
    await dialog.getByLabel('Slug').fill(slug)
    await dialog.getByRole('status').getByText(word, { exact: true }).waitFor()
    expect(await create.isEnabled()).toBe(isFine)
    expect(await dialog.getByLabel('Slug').getAttribute('aria-invalid')).toBe(
      isFine ? null : 'true',
    )
  }
  await dialog.getByLabel('Slug').fill('old-name')
  await dialog.getByText('leads to Renamed').waitFor()
  expect(await create.isEnabled()).toBe(false)
  expect(await barriersOn(page)).toEqual([])
  await dialog.getByLabel('Take it over').check()
  await create.click()
  await page.waitForURL('**/admin/apps/old-name')
})

it('suggests a slug by the name, and makes an app with the keyboard alone', async () => {
  const { page } = dashboard
  await open('/apps')
  await page.getByRole('link', { name: 'New app' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByRole('heading', { name: 'New app' }).waitFor()
  await page.keyboard.type('Café Nord')
  await page.getByRole('status').getByText('available').waitFor()
  expect(await page.getByLabel('Slug').inputValue()).toBe('cafe-nord')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Café Nord' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/admin/apps/cafe-nord')
})

it('closes the question for a new app by Escape, and goes on showing what was searched', async () => {
  const { page } = dashboard
  await open('/apps?q=nord&new')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.waitForURL('**/admin/apps?q=nord')
})

it('finds apps by name or slug, and keeps in the address what was searched', async () => {
  const { page } = dashboard
  await open('/apps')
  await page.getByLabel('Search apps').fill('nord')
  await page.waitForURL('**/admin/apps?q=nord')
  await page.getByRole('link', { name: 'Default' }).waitFor({ state: 'detached' })
  await page.reload()
  expect(await page.getByLabel('Search apps').inputValue()).toBe('nord')
  await page.getByRole('link', { name: 'Café Nord' }).waitFor()
  await page.getByLabel('Search apps').fill('nothing of that name')
  await page.getByRole('heading', { name: 'No app has' }).waitFor()
  expect(await barriersOn(page)).toEqual([])
  await page.getByRole('link', { name: 'Show all apps' }).click()
  await page.getByRole('link', { name: 'Default' }).waitFor()
})

it('shows as many apps as fit a page, and more when asked', async () => {
  const { page, ask } = dashboard
  for (let index = 0; index < 25; index += 1) await ask('POST', '/apps', { slug: `many-${index}` })
  await open('/apps?q=many-')
  await page.getByRole('link', { name: 'many-0' }).waitFor()
  const rows = page.getByRole('main').getByRole('listitem')
  expect(await rows.count()).toBe(20)
  await page.getByRole('button', { name: 'Show more' }).click()
  await expect.poll(() => rows.count()).toBe(25)
  expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0)
})

it('counts the requests and errors of a day', async () => {
  const { page, program } = dashboard
  await fetch(`${program.url}/`)
  await open('/apps?q=default')
  await expect
    .poll(async () => {
      await page.reload()
      return page.getByRole('img', { name: '1 request in the last 24 hours' }).count()
    })
    .toBe(1)
  await page.getByRole('img', { name: '0 errors in the last 24 hours' }).waitFor()
})

it.each([
  [1280, 'light'],
  [390, 'dark'],
] as const)('shows the list to everyone, %i pixels wide, %s', async (width, colorScheme) => {
  const { page } = dashboard
  await page.setViewportSize({ width, height: 800 })
  await page.emulateMedia({ colorScheme })
  await open('/apps')
  await page.getByRole('link', { name: 'Café Nord' }).waitFor()
  expect(await overflowOf(page)).toBe(0)
  expect(await barriersOn(page)).toEqual([])
})
