/**
 * The settings of an app in a real Chromium: saved section by section, lost by nobody.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { barriersOn, openDashboard, overflowOf, type SignedInDashboard } from './browser.ts'
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

async function stored(): Promise<App> {
  return (await dashboard.ask('GET', '/apps/shop')) as App
}

it('saves each section by itself, one after another', async () => {
  const { page } = dashboard
  await open('/apps/shop/settings')
  const answers = settingsSection(dashboard, 'Answers')
  expect(await answers.save.isEnabled()).toBe(false)
  await answers.region.getByLabel('Show the detail of errors').check()
  const network = settingsSection(dashboard, 'Network')
  await network.region.getByLabel('Deny').fill('*\n')
  await network.region.getByLabel('Allow').fill('API.example.com\n10.0.0.0/8')
  await network.save.click()
  await expect
    .poll(async () => (await stored()).settings.egress)
    .toEqual({
      allow: ['10.0.0.0/8', 'api.example.com'],
      deny: ['*'],
    })
  // What the other section holds unsaved is still there, and can be saved.
  expect((await stored()).settings.show_error_detail).toBe(false)
  await answers.save.click()
  await expect.poll(async () => (await stored()).settings.show_error_detail).toBe(true)
  const services = settingsSection(dashboard, 'Services')
  await services.region.getByLabel('Only these').check()
  await services.region.getByLabel('http').uncheck()
  await services.save.click()
  await expect
    .poll(async () => (await stored()).settings.services)
    .toEqual(['kv', 'script', 'secrets'])
  const records = settingsSection(dashboard, 'Records')
  await records.region.getByLabel('Kept for (days)').fill('7')
  await records.region.getByLabel('Successes recorded').fill('12.5')
  await records.save.click()
  await expect.poll(async () => (await stored()).settings.record_sampling_percent).toBe(12.5)
  await page.reload()
  expect(await records.region.getByLabel('Kept for (days)').inputValue()).toBe('7')
})

it('says at the field what is wrong with it', async () => {
  await open('/apps/shop/settings')
  const { region, save } = settingsSection(dashboard, 'Pages of other origins')
  await region.getByLabel('Pages of other origins may read answers').check()
  await region
    .getByLabel('Origins', { exact: true })
    .fill('https://fine.example.com\nhttps://bad.example.com/path')
  await save.click()
  await region.getByText('https://bad.example.com/path: Must be').waitFor()
  expect(await region.getByLabel('Origins', { exact: true }).getAttribute('aria-invalid')).toBe(
    'true',
  )
  expectOnlyRefusals(dashboard, 422)
  await region.getByLabel('Origins', { exact: true }).fill('https://fine.example.com')
  await save.click()
  await expect
    .poll(async () => (await stored()).settings.cors)
    .toMatchObject({ origins: ['https://fine.example.com'], credentials: false })
})

it('refuses a limit above the ceiling at its field, and takes one below', async () => {
  await open('/apps/shop/settings')
  const { region, save } = settingsSection(dashboard, 'Limits')
  await region.getByText('10 s by default, 10 s at most').waitFor()
  await region.getByLabel('From request to answer').fill('20000')
  await save.click()
  await region.getByText('It is 20000; the operator allows up to 10000 ms.').first().waitFor()
  const field = region.getByLabel('From request to answer')
  expect(await field.getAttribute('aria-invalid')).toBe('true')
  expectOnlyRefusals(dashboard, 422)
  await field.fill('2000')
  await save.click()
  await expect.poll(async () => (await stored()).settings.limits).toEqual({ deadline_ms: 2000 })
  await field.fill('')
  await save.click()
  await expect.poll(async () => (await stored()).settings.limits).toEqual({})
})

it('shows what was changed elsewhere meanwhile, and overwrites it only when asked', async () => {
  const { page, ask } = dashboard
  await open('/apps/shop/settings')
  const { region, save } = settingsSection(dashboard, 'Name')
  await region.getByLabel('Name', { exact: true }).fill('Mine')
  await ask('PATCH', '/apps/shop', { name: 'Theirs' })
  await save.click()
  await region.getByText('Changed elsewhere meanwhile').waitFor()
  expectOnlyRefusals(dashboard, 412)
  expect((await stored()).name).toBe('Theirs')
  expect(await barriersOn(page)).toEqual([])
  await region.getByRole('button', { name: 'Reload' }).click()
  await expect.poll(() => region.getByLabel('Name', { exact: true }).inputValue()).toBe('Theirs')
  await region.getByLabel('Name', { exact: true }).fill('Mine again')
  await ask('PATCH', '/apps/shop', { name: 'Theirs again' })
  await save.click()
  await region.getByRole('button', { name: 'Save over' }).click()
  await expect.poll(async () => (await stored()).name).toBe('Mine again')
  expectOnlyRefusals(dashboard, 412)
  await region.getByText('Changed elsewhere meanwhile').waitFor({ state: 'detached' })
})

it('keeps what is typed while it saves', async () => {
  const { page } = dashboard
  await open('/apps/shop/settings')
  const { region, save } = settingsSection(dashboard, 'Name')
  const saving = Promise.withResolvers<void>()
  await page.route('**/api/v1/admin/apps/*', async (route) => {
    if (route.request().method() === 'PATCH') await saving.promise
    await route.continue()
  })
  await region.getByLabel('Name', { exact: true }).fill('First')
  await save.click()
  await region.getByLabel('Name', { exact: true }).fill('Second')
  saving.resolve()
  await expect.poll(() => save.isEnabled()).toBe(true)
  await page.unroute('**/api/v1/admin/apps/*')
  expect((await stored()).name).toBe('First')
  await save.click()
  await expect.poll(async () => (await stored()).name).toBe('Second')
})

it('saves what nobody else touched, whatever else was changed of the app', async () => {
  const { ask } = dashboard
  await open('/apps/shop/settings')
  const { region, save } = settingsSection(dashboard, 'Name')
  await region.getByLabel('Name', { exact: true }).fill('Shop')
  await ask('PATCH', '/apps/shop', { settings: { server_timing: true } })
  await save.click()
  await expect.poll(async () => (await stored()).name).toBe('Shop')
  expect((await stored()).settings.server_timing).toBe(true)
  expectOnlyRefusals(dashboard, 412)
})

it.each([
  [1280, 'dark'],
  [390, 'light'],
] as const)('shows settings to everyone, %i pixels wide, %s', async (width, colorScheme) => {
  const { page } = dashboard
  await page.setViewportSize({ width, height: 800 })
  await page.emulateMedia({ colorScheme })
  await open('/apps/shop/settings')
  await page.getByText('10 s by default, 10 s at most').waitFor()
  expect(await overflowOf(page)).toBe(0)
  expect(await barriersOn(page)).toEqual([])
})
