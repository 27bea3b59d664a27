/**
 * Tokens, sessions and the password of who is signed in.
 */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import {
  barriersOn,
  openDashboard,
  overflowOf,
  PASSWORD,
  type SignedInDashboard,
} from './browser.ts'
import { expectOnlyRefusals } from './expected-refusal.ts'

let dashboard: SignedInDashboard
let page: Page

beforeAll(async () => {
  dashboard = await openDashboard()
  page = dashboard.page
  await page.goto(`${dashboard.program.url}/admin/account`)
})

afterAll(() => dashboard[Symbol.asyncDispose]())

afterEach(() => {
  expect(dashboard.complaints()).toEqual([])
})

async function isTaken(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${dashboard.program.url}/api/v1/admin/apps`, { headers })
  return answer.status
}

it('makes a token that is shown once, and takes it back', async () => {
  await page.getByRole('button', { name: 'New token' }).click()
  await page.getByLabel('Name').fill('the build server')
  expect(await barriersOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Make it' }).click()
  const token = (await page.getByTestId('new-token').textContent()) ?? ''
  expect(await isTaken(token)).toBe(200)
  await page.getByRole('button', { name: 'Done' }).click()
  const row = page.getByRole('row', { name: /the build server/ })
  await row.getByText('read', { exact: true }).waitFor()
  expect(await page.content()).not.toContain(token)
  await row.getByRole('button', { name: /Revoke/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await row.waitFor({ state: 'detached' })
  expect(await isTaken(token)).toBe(401)
})

it('changes the password, and takes no wrong one', async () => {
  const change = async (current: string, next: string) => {
    await page.getByLabel('Current password').fill(current)
    await page.getByLabel('New password').fill(next)
    await page.getByRole('button', { name: 'Change it' }).click()
  }
  await change('not the password', 'another password')
  await page.getByRole('alert').waitFor()
  expectOnlyRefusals(dashboard, 403)
  await change(PASSWORD, 'another password')
  await page.getByText('The password is changed').waitFor()
  await page.getByRole('heading', { name: 'Account' }).waitFor()
})

it('ends sessions elsewhere, and all of them', async () => {
  const other = await dashboard.browser.newPage({ userAgent: 'curl/8.5.0' })
  await other.goto(`${dashboard.program.url}/admin`)
  await other.getByLabel('Password').fill('another password')
  await other.getByRole('button', { name: 'Sign in' }).click()
  await other.getByRole('heading', { name: 'Apps', exact: true }).waitFor()
  await page.reload()
  await page.getByRole('row', { name: /this one/ }).waitFor()
  const row = page.getByRole('row', { name: /^curl/ })
  await row.getByRole('button', { name: /End/ }).click()
  await row.waitFor({ state: 'detached' })
  await other.reload()
  await other.getByRole('button', { name: 'Sign in' }).waitFor()
  await other.close()
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.waitForURL('**/sign-in')
  await page.getByLabel('Password').fill('another password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Apps', exact: true }).waitFor()
})

it('fits a phone, in light and dark', async () => {
  await page.setViewportSize({ width: 390, height: 800 })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.goto(`${dashboard.program.url}/admin/account`)
    await page.getByRole('row', { name: /this one/ }).waitFor()
    expect(await overflowOf(page)).toBe(0)
    expect(await barriersOn(page)).toEqual([])
  }
})
