/**
 * What runs where, and the log of admin actions, in a real Chromium.
 */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { barriersOn, openDashboard, overflowOf, type SignedInDashboard } from './browser.ts'

/** More than one page of the log. */
const CHANGES = 50

let dashboard: SignedInDashboard
let page: Page

beforeAll(async () => {
  dashboard = await openDashboard()
  page = dashboard.page
  const { ask } = dashboard
  await ask('POST', '/apps', { slug: 'shop', name: 'The shop' })
  for (let index = 0; index < CHANGES; index += 1) {
    await ask('PATCH', '/apps/default', { name: `Renamed ${index}` })
  }
})

afterAll(() => dashboard[Symbol.asyncDispose]())

afterEach(() => {
  expect(dashboard.complaints()).toEqual([])
})

const actions = () => page.locator('tbody tr').filter({ has: page.locator('.what') })

async function open(query = ''): Promise<void> {
  await page.goto(`${dashboard.program.url}/admin/system${query}`)
  await page.getByRole('heading', { name: 'Nodes' }).waitFor()
  await actions().first().waitFor()
}

function queryOfPage(): string {
  return new URL(page.url()).search
}

it('tells what runs, and what it used in a time that is named to the second', async () => {
  await open()
  const idle = page.getByRole('region', { name: 'Used lately' })
  await idle.getByText('Queries to the database').waitFor()
  const time = async (index: number) =>
    Date.parse((await idle.locator('time').nth(index).getAttribute('datetime')) ?? '')
  expect(await time(1)).toBeGreaterThan(await time(0))
  await page.getByRole('row', { name: /all-in-one/ }).waitFor()
  await page.getByRole('row', { name: /Embedded database/ }).waitFor()
  await page.getByText('embedded, run by PiCloud').waitFor()
  expect(await barriersOn(page)).toEqual([])
})

it('shows an admin action with what it changed', async () => {
  await open()
  await dashboard.ask('PATCH', '/apps/shop', { name: 'The better shop' })
  await page.reload()
  const row = actions().first()
  await row.getByText('app.update').waitFor()
  await row.getByText('1 value').click()
  expect(await row.getByRole('deletion').textContent()).toContain('The shop')
  expect(await row.getByRole('insertion').textContent()).toContain('The better shop')
})

it('goes on to older actions', async () => {
  await open()
  expect(await actions().count()).toBe(50)
  await page.getByRole('button', { name: 'Older ones' }).click()
  await actions().filter({ hasText: 'admin.create' }).waitFor()
  expect(await actions().count()).toBeGreaterThan(CHANGES)
  expect(await page.getByRole('button', { name: 'Older ones' }).count()).toBe(0)
})

it('narrows the log, and keeps that in the address', async () => {
  await open()
  await page.getByLabel('Action').fill('app.')
  await page.getByText('An action is written as').waitFor()
  expect(await barriersOn(page)).toEqual([])
  await page.getByLabel('Action').fill('app.create')
  await expect.poll(queryOfPage).toBe('?action=app.create')
  await expect.poll(() => actions().count()).toBe(1)
  await page.getByLabel('App', { exact: true }).selectOption('default')
  await page.getByText('No action that is kept fits.').waitFor()
  await page.getByRole('link', { name: 'Show all' }).click()
  await expect.poll(() => actions().count()).toBe(50)
  expect(await page.getByLabel('Action').inputValue()).toBe('')
  await open('?actor=admin&action=session.create')
  expect(await page.getByLabel('Who').inputValue()).toBe('admin')
  expect(await actions().filter({ hasNotText: 'session.create' }).count()).toBe(0)
})

it('fits a phone, in light and dark', async () => {
  await page.setViewportSize({ width: 390, height: 800 })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await open()
    await actions().first().locator('summary').click()
    expect(await overflowOf(page)).toBe(0)
    expect(await barriersOn(page)).toEqual([])
  }
})
