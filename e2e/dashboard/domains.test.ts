/**
 * The domains of an app, claimed and given back in a real Chromium.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { barriersOn, openDashboard, overflowOf, type SignedInDashboard } from './browser.ts'
import { expectRefusal } from './expected-refusal.ts'
import { hostAnswer } from './host-answer.ts'

interface Made {
  readonly id: string
}

let dashboard: SignedInDashboard
let appId: string
let scriptId: string

beforeAll(async () => {
  dashboard = await openDashboard()
  const { ask } = dashboard
  appId = ((await ask('POST', '/apps', { slug: 'shop', name: 'The shop' })) as Made).id
  await ask('POST', '/apps', { slug: 'other' })
  await ask('POST', '/apps/other/domains', { pattern: '*.other.example' })
  const source = 'request.params.tenant'
  const script = await ask('POST', '/scripts', { app_id: appId, name: 'tenant', source })
  scriptId = (script as Made).id
})

afterAll(() => dashboard[Symbol.asyncDispose]())

afterEach(() => {
  expect(dashboard.complaints()).toEqual([])
})

async function openDomains(): Promise<void> {
  const { page, program } = dashboard
  await page.goto(`${program.url}/admin/apps/shop/domains`)
  await page.getByRole('button', { name: 'Claim a domain' }).waitFor()
}

async function claim(pattern: string): Promise<void> {
  const { page } = dashboard
  await page.getByRole('button', { name: 'Claim a domain' }).click()
  await page.getByLabel('Host', { exact: true }).fill(pattern)
  await page.getByRole('button', { name: 'Claim', exact: true }).click()
}

it('says what a domain is for where there is none', async () => {
  const { page } = dashboard
  await openDomains()
  await page.getByRole('heading', { name: 'No domain yet' }).waitFor()
  expect(await barriersOn(page)).toEqual([])
})

it('claims a pattern, and says before which record it needs', async () => {
  const { page, program, ask } = dashboard
  await page.getByRole('button', { name: 'Claim the first domain' }).click()
  await page.getByLabel('Host', { exact: true }).fill('{tenant}.shop.example')
  await page.getByRole('cell', { name: '*.shop.example' }).waitFor()
  expect(await barriersOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Claim', exact: true }).click()
  await page.getByRole('listitem').getByText('{tenant}.shop.example', { exact: true }).waitFor()
  await ask('POST', '/routes', {
    app_id: appId,
    path_pattern: '/tenant',
    script_id: scriptId,
  })
  await expect
    .poll(() => hostAnswer(program, 'acme.shop.example', '/tenant'))
    .toEqual({ status: 200, text: 'acme' })
})

it('names the claim that is in the way, and whose it is', async () => {
  const { page } = dashboard
  await claim('*.shop.example')
  await page
    .getByText('answers for the same hosts as {tenant}.shop.example, which this app claims.')
    .waitFor()
  await expectRefusal(dashboard, 409, `/apps/${appId}/domains`)
  await page.getByLabel('Host', { exact: true }).fill('{any}.other.example')
  await page.getByRole('button', { name: 'Claim', exact: true }).click()
  await page
    .getByText('answers for the same hosts as *.other.example, which another app claims.')
    .waitFor()
  await expectRefusal(dashboard, 409, `/apps/${appId}/domains`)
  expect(await page.getByLabel('Host', { exact: true }).getAttribute('aria-invalid')).toBe('true')
})

it.each([
  ['shop.example:8080', 'Write whole labels'],
  ['*.com', 'com is a public suffix'],
])('says at the field what is wrong with %s', async (pattern, problem) => {
  const { page } = dashboard
  await openDomains()
  await claim(pattern)
  await page.getByText(problem).waitFor()
  await expectRefusal(dashboard, 422, `/apps/${appId}/domains`)
})

it('shows which routes a claim is needed for, and switches them off only when told to', async () => {
  const { page, program, ask } = dashboard
  await ask('POST', '/apps/shop/domains', { pattern: 'eu.shop.example' })
  await ask('POST', '/apps/shop/domains', { pattern: 'sale.example' })
  await ask('POST', '/routes', {
    app_id: appId,
    path_pattern: '/sale',
    host_pattern: 'sale.example',
    script_id: scriptId,
  })
  await openDomains()
  await page.getByRole('button', { name: 'Release sale.example' }).click()
  const question = page.getByRole('dialog', { name: 'Release this domain?' })
  await question.getByRole('button', { name: 'Release', exact: true }).click()
  await question.getByText('1 route would answer nowhere.').waitFor()
  await question.getByText('* sale.example/sale').waitFor()
  expect(await barriersOn(page)).toEqual([])
  const { items } = (await ask('GET', '/apps/shop/domains')) as {
    readonly items: readonly { readonly id: string; readonly pattern: string }[]
  }
  const sale = items.find(({ pattern }) => pattern === 'sale.example')
  await expectRefusal(dashboard, 409, `/apps/${appId}/domains/${sale?.id}`)
  await question.getByRole('button', { name: 'Release, and switch them off' }).click()
  await page.getByText('Released sale.example').waitFor()
  await page.goto(`${program.url}/admin/apps/shop/routes`)
  const toggle = page.getByRole('switch', { name: 'Enable * sale.example/sale' })
  await toggle.waitFor()
  expect(await toggle.isChecked()).toBe(false)
})

it('says where a claim leads now, and of what certificate there is', async () => {
  const { page } = dashboard
  await openDomains()
  await claim('shop.localhost')
  await page.getByRole('button', { name: /^Check .* shop\.localhost$/ }).click()
  await page.getByText('needs no DNS').waitFor()
  await page.getByText('Looked up as').waitFor()
  expect(await barriersOn(page)).toEqual([])
})

it('releases at once what no route needs', async () => {
  const { page } = dashboard
  await openDomains()
  await page.getByRole('button', { name: 'Release eu.shop.example' }).click()
  await page.getByRole('button', { name: 'Release', exact: true }).click()
  await page.getByRole('button', { name: 'Release eu.shop.example' }).waitFor({ state: 'detached' })
})

it.each(['light', 'dark'] as const)('fits a phone, in %s, the dialog too', async (colorScheme) => {
  const { page } = dashboard
  await page.setViewportSize({ width: 390, height: 740 })
  await page.emulateMedia({ colorScheme })
  await openDomains()
  await page.getByRole('listitem').first().waitFor()
  expect(await overflowOf(page)).toBe(0)
  expect(await barriersOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Claim a domain' }).click()
  await page.getByLabel('Host', { exact: true }).fill('a-rather-long-name.of-a-shop.example.com')
  expect(await overflowOf(page)).toBe(0)
  expect(await barriersOn(page)).toEqual([])
})
