/**
 * What ran: seen as it happens, narrowed, and looked into.
 */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { barriersOn, openDashboard, overflowOf, type SignedInDashboard } from './browser.ts'

let dashboard: SignedInDashboard
let page: Page

beforeAll(async () => {
  dashboard = await openDashboard()
  page = dashboard.page
  await deploy('fine', 'log::info("was here", #{ n: 1 }); "fine"')
  await deploy('broken', 'let a = 1;\nlog::warn("about to fail");\nnowhere(a)')
  await deploy('callee', 'fn f(x) { x } f(2)')
  await deploy('caller', 'script::call("callee", 1)')
})

afterAll(() => dashboard[Symbol.asyncDispose]())

afterEach(() => {
  expect(dashboard.complaints()).toEqual([])
})

/** A script of the app `default` that answers at its name. */
async function deploy(name: string, source: string): Promise<void> {
  const { id: app_id } = (await dashboard.ask('GET', '/apps/default')) as { readonly id: string }
  const script = { app_id, name, source }
  const { id: script_id } = (await dashboard.ask('POST', '/scripts', script)) as {
    readonly id: string
  }
  await dashboard.ask('POST', '/routes', { app_id, script_id, path_pattern: `/${name}` })
}

async function call(path: string): Promise<void> {
  await (await fetch(`${dashboard.program.url}${path}`)).arrayBuffer()
}

async function open(query = ''): Promise<void> {
  await page.goto(`${dashboard.program.url}/admin/apps/default/executions${query}`)
}

const row = (path: string) => page.getByRole('row', { name: new RegExp(path) })

it('teaches where there is nothing, and then shows a request within a second', async () => {
  await open()
  await page.getByRole('heading', { name: 'Nothing ran yet' }).waitFor()
  await page.getByRole('status').getByText('live', { exact: true }).waitFor()
  expect(await barriersOn(page)).toEqual([])
  await call('/fine?first')
  const askedAt = performance.now()
  await row('/fine').waitFor({ timeout: 1_000 })
  expect(performance.now() - askedAt).toBeLessThan(1_000)
})

it('holds what comes while it is paused, and shows it then', async () => {
  await page.getByRole('button', { name: 'Pause' }).click()
  await call('/broken')
  await page.getByRole('button', { name: 'Show 1 new one' }).waitFor()
  expect(await row('/broken').count()).toBe(0)
  await page.getByRole('button', { name: 'Show 1 new one' }).click()
  await row('/broken').waitFor()
  await row('/broken').getByText('nowhere').waitFor()
})

it('is narrowed by status, script and text, and the address says so', async () => {
  await page.getByLabel('Outcome').selectOption('Failed scripts')
  await row('/fine').waitFor({ state: 'detached' })
  await row('/broken').waitFor()
  expect(page.url()).toContain('outcome=error')
  await call('/broken?again')
  await expect.poll(() => row('/broken').count()).toBe(2)
  await page.getByLabel('Outcome').selectOption('Any status')
  await page.getByLabel('Text').fill('was here')
  await expect.poll(() => page.url()).toContain('q=was')
  await row('/broken').first().waitFor({ state: 'detached' })
  await row('/fine').waitFor()
  await page.reload()
  await row('/fine').waitFor()
  expect(await page.getByLabel('Text').inputValue()).toBe('was here')
  await page.getByLabel('Text').fill('nothing of the kind')
  await page.getByRole('heading', { name: 'Nothing like that' }).waitFor()
  await page.getByRole('link', { name: 'Show all' }).click()
  await row('/fine').waitFor()
})

it('shows why a script failed, at its line', async () => {
  await open('?script=broken')
  await row('/broken').first().getByRole('link').click()
  await page.locator('.cm-markedLine').waitFor()
  expect(await page.locator('.cm-markedLine').textContent()).toContain('nowhere(a)')
  await page.getByText('about to fail').last().waitFor()
  await page.getByRole('heading', { name: /line 3/ }).waitFor()
  expect(await barriersOn(page)).toEqual([])
})

it('leads back to the run panel with the request', async () => {
  await page.getByRole('link', { name: 'Run it again' }).click()
  await page.waitForURL('**/scripts/broken?*')
  expect(await page.getByLabel('Path and query').inputValue()).toBe('/broken')
})

it('shows what a script called, and by whom it was', async () => {
  await call('/caller')
  await open('?script=caller')
  await row('/caller').getByRole('link').click()
  await page.getByRole('heading', { name: 'Scripts it called' }).waitFor()
  await page.getByRole('link', { name: 'callee' }).click()
  await page.getByRole('heading', { name: 'callee, by call' }).waitFor()
  await page.getByRole('link', { name: 'another execution' }).click()
  await page.getByRole('heading', { name: 'GET /caller' }).waitFor()
})

it('pages through older ones', async () => {
  await Promise.all(Array.from({ length: 60 }, (_, at) => call(`/fine?at=${at}`)))
  await expect
    .poll(async () => {
      const query = '/executions?app=default&script=fine&limit=200'
      const { items } = (await dashboard.ask('GET', query)) as { readonly items: unknown[] }
      return items.length
    })
    .toBe(61)
  await open('?script=fine')
  await expect.poll(() => row('/fine').count()).toBe(50)
  await page.getByRole('button', { name: 'Older ones' }).click()
  await expect.poll(() => row('/fine').count()).toBe(61)
})

it('fits a phone, in light and dark', async () => {
  await page.setViewportSize({ width: 390, height: 800 })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await open('?outcome=error')
    await row('/broken').first().waitFor()
    expect(await overflowOf(page)).toBe(0)
    expect(await barriersOn(page)).toEqual([])
    await row('/broken').first().getByRole('link').click()
    await page.locator('.cm-markedLine').waitFor()
    expect(await overflowOf(page)).toBe(0)
    expect(await barriersOn(page)).toEqual([])
  }
})
