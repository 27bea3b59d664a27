/**
 * Renaming and deleting an app, in a real Chromium.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { barriersOn, openDashboard, type SignedInDashboard } from './browser.ts'
import { expectOnlyRefusals } from './expected-refusal.ts'
import { settingsSection } from './settings-page.ts'

interface App {
  readonly id: string
  readonly name: string
  readonly settings: Readonly<Record<string, unknown>>
}

let dashboard: SignedInDashboard

beforeAll(async () => {
  dashboard = await openDashboard()
  await dashboard.ask('POST', '/apps', { slug: 'shop', name: 'Shop' })
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

async function showsDetail(): Promise<unknown> {
  return ((await dashboard.ask('GET', '/apps/shop')) as App).settings.show_error_detail
}

it('renames an app after saying whose history that takes, and is at the new address', async () => {
  const { page, ask } = dashboard
  await ask('POST', '/apps', { slug: 'popular', name: 'Elder' })
  await ask('PATCH', '/apps/popular', { slug: 'elder' })
  await open('/apps/shop/settings?from=here')
  const { region } = settingsSection(dashboard, 'Slug')
  const rename = region.getByRole('button', { name: 'Rename …' })
  expect(await rename.isEnabled()).toBe(false)
  await region.getByLabel('Slug').fill('elder')
  await region.getByText('in use', { exact: true }).waitFor()
  expect(await rename.isEnabled()).toBe(false)
  await region.getByLabel('Slug').fill('popular')
  await region.getByText('leads to Elder').waitFor()
  expect(await rename.isEnabled()).toBe(false)
  await region.getByLabel('Take it over').check()
  await rename.click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('heading', { name: 'Rename to popular?' }).waitFor()
  expect(await barriersOn(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Rename' }).click()
  await page.waitForURL('**/admin/apps/popular/settings?from=here')
  await region.getByRole('button', { name: 'Release shop' }).waitFor()
  await open('/apps/shop/settings?tab=1')
  await page.waitForURL('**/admin/apps/popular/settings?tab=1')
})

it('renames an app that was changed elsewhere only when asked again', async () => {
  const { page, ask } = dashboard
  await open('/apps/popular/settings')
  const { region } = settingsSection(dashboard, 'Slug')
  await region.getByLabel('Slug').fill('shop')
  await region.getByText('its own').waitFor()
  await ask('PATCH', '/apps/popular', { name: 'Shop' })
  await ask('PATCH', '/apps/popular', { settings: { show_error_detail: false } })
  await region.getByRole('button', { name: 'Rename …' }).click()
  const rename = page.getByRole('dialog').getByRole('button', { name: 'Rename' })
  await rename.click()
  await page.getByRole('dialog').getByText('changed elsewhere meanwhile').waitFor()
  expectOnlyRefusals(dashboard, 412)
  expect(new URL(page.url()).pathname).toBe('/admin/apps/popular/settings')
  await rename.click()
  await page.waitForURL('**/admin/apps/shop/settings')
  await region.getByLabel('Slug').fill('popular')
  await region.getByText('its own').waitFor()
  // What is saved of another section leaves alone what stands here.
  const { region: answers, save } = settingsSection(dashboard, 'Answers')
  await answers.getByLabel('Show the detail of errors').check()
  await save.click()
  await expect.poll(async () => await showsDetail()).toBe(true)
  expect(await region.getByLabel('Slug').inputValue()).toBe('popular')
  await region.getByRole('button', { name: 'Rename …' }).click()
  await rename.click()
  await page.waitForURL('**/admin/apps/popular/settings')
})

it('lets a former slug go when asked', async () => {
  const { page } = dashboard
  await open('/apps/popular/settings')
  const { region } = settingsSection(dashboard, 'Slug')
  await region.getByRole('button', { name: 'Release shop' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click()
  await region.getByRole('button', { name: 'Release shop' }).waitFor({ state: 'detached' })
})

it('says what would be deleted with an app, and deletes it by its slug only', async () => {
  const { page, ask } = dashboard
  const { id } = (await ask('GET', '/apps/popular')) as App
  await ask('POST', '/scripts', { app_id: id, name: 'one', source: '1' })
  await ask('POST', '/apps/popular/domains', { pattern: 'popular.example.com' })
  await open('/apps/popular/settings')
  await page.getByRole('button', { name: 'Delete the app …' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog', { name: 'and all it holds' })
  await dialog.getByText('1 script', { exact: true }).waitFor()
  await dialog.getByText('1 domain', { exact: true }).waitFor()
  expectOnlyRefusals(dashboard, 409)
  expect(await barriersOn(page)).toEqual([])
  const button = dialog.getByRole('button', { name: 'Delete all of it' })
  expect(await button.isEnabled()).toBe(false)
  await dialog.getByLabel('Type popular to go on').fill('popular')
  await button.click()
  await page.waitForURL('**/admin/apps')
  await page.getByRole('link', { name: 'Default' }).waitFor()
  expect(await page.getByRole('link', { name: 'Shop' }).count()).toBe(0)
})
