/**
 * The first page of an app, and the way from nothing to an endpoint, in a real Chromium.
 */
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { barriersOn, openDashboard, overflowOf, type SignedInDashboard } from './browser.ts'
import { expectOnlyRefusals } from './expected-refusal.ts'

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

/** Calls a URL of an app where its host is known to nobody's resolver. */
async function call(url: string): Promise<string> {
  const { host, port, pathname, search } = new URL(url)
  const request = get({ host: 'localhost', port, path: pathname + search, headers: { host } })
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  return text(answer)
}

it('leads from nothing to an endpoint that answers', async () => {
  const { page, ask, program } = dashboard
  await ask('POST', '/apps', { slug: 'greeter', name: 'Greeter' })
  await open('/apps/greeter')
  await page.getByRole('heading', { name: 'Nothing answers here yet' }).waitFor()
  expect(await barriersOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Write a first endpoint' }).click()
  const dialog = page.getByRole('dialog')
  expect(await dialog.getByLabel('Domain').inputValue()).toBe('greeter.localhost')
  await dialog.getByRole('button', { name: 'Make it' }).click()
  await dialog.getByRole('heading', { name: 'Your endpoint is live' }).waitFor()
  const url = `${program.url.replace('localhost', 'greeter.localhost')}/hello`
  expect(await dialog.locator('pre').textContent()).toBe(`curl -i ${url}`)
  expect(await barriersOn(page)).toEqual([])
  expect(await call(`${url}?name=Ada`)).toBe('{"hello":"Ada"}')
  expect(await dialog.getByRole('link', { name: 'Open the script' }).getAttribute('href')).toBe(
    '/admin/apps/greeter/scripts/hello',
  )
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Addresses' }).waitFor()
  await page.getByText(url, { exact: true }).waitFor()
})

it('goes on where a first endpoint failed', async () => {
  const { page, ask } = dashboard
  await ask('POST', '/apps', { slug: 'halfway' })
  await open('/apps/halfway')
  await page.getByRole('button', { name: 'Write a first endpoint' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Domain').fill('localhost')
  await dialog.getByRole('button', { name: 'Make it' }).click()
  await expect.poll(() => dialog.getByLabel('Domain').getAttribute('aria-invalid')).toBe('true')
  expectOnlyRefusals(dashboard, 409)
  await dialog.getByLabel('Domain').fill('halfway.localhost')
  await dialog.getByRole('button', { name: 'Make it' }).click()
  await dialog.getByRole('heading', { name: 'Your endpoint is live' }).waitFor()
})

it('says where an app answers, under each of its domains', async () => {
  const { page, ask, program } = dashboard
  const { port } = new URL(program.url)
  await ask('POST', '/apps/greeter/domains', { pattern: '{tenant}.greeter.example.com' })
  await open('/apps/greeter')
  await page.getByText(`http://greeter.localhost:${port}/hello`, { exact: true }).waitFor()
  await page.getByLabel('Domain').selectOption('{tenant}.greeter.example.com')
  const url = `http://{tenant}.greeter.example.com:${port}/hello`
  await page.getByText(url, { exact: true }).waitFor()
  await page.getByText(`curl -i '${url}'`).waitFor()
})

it('shows what ran: figures of the day, the newest executions, when a script ran last', async () => {
  const { page, ask, program } = dashboard
  const app = (await ask('GET', '/apps/greeter')) as { readonly id: string }
  const source = 'throw "broken"'
  const script = (await ask('POST', '/scripts', { app_id: app.id, name: 'broken', source })) as {
    readonly id: string
  }
  await ask('POST', '/routes', { app_id: app.id, script_id: script.id, path_pattern: '/broken' })
  await ask('POST', '/scripts', { app_id: app.id, name: 'idle', source: '1' })
  const base = program.url.replace('localhost', 'greeter.localhost')
  await expect.poll(() => call(`${base}/broken`)).toContain('500')
  await expect
    .poll(async () => {
      await open('/apps/greeter')
      const figures = page.getByRole('region', { name: 'The last 24 hours' })
      await figures.getByText('Requests', { exact: true }).waitFor()
      return figures.getByText('50 %').count()
    })
    .toBe(1)
  await page.getByRole('link', { name: 'GET /broken' }).waitFor()
  await page.getByText('500', { exact: true }).waitFor()
  await page.getByText('has not run').waitFor()
})

it('leads from a former slug to the same page under the present one', async () => {
  const { page, ask } = dashboard
  await ask('POST', '/apps', { slug: 'before' })
  await ask('PATCH', '/apps/before', { slug: 'after' })
  await open('/apps/before/settings?from=bookmark#x')
  await page.waitForURL('**/admin/apps/after/settings?from=bookmark#x')
  await page.getByRole('heading', { name: 'before' }).waitFor()
})

it.each([
  [1280, 'dark'],
  [390, 'light'],
] as const)('shows an app to everyone, %i pixels wide, %s', async (width, colorScheme) => {
  const { page } = dashboard
  await page.setViewportSize({ width, height: 800 })
  await page.emulateMedia({ colorScheme })
  await open('/apps/greeter')
  await page.getByText('has not run').waitFor()
  await page.getByRole('link', { name: 'GET /broken' }).waitFor()
  expect(await overflowOf(page)).toBe(0)
  expect(await barriersOn(page)).toEqual([])
})
