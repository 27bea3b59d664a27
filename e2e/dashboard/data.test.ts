/**
 * What an app keeps, its secrets, and the app as one file, in a real Chromium.
 */
import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { barriersOn, openDashboard, overflowOf, type SignedInDashboard } from './browser.ts'
import { expectRefusal } from './expected-refusal.ts'
import { hostAnswer } from './host-answer.ts'

interface Made {
  readonly id: string
}

interface Entry {
  readonly value: unknown
  readonly ttl_ms: number | null
}

const SECRET = 'wh-4c1f-never-shown'

let dashboard: SignedInDashboard
let appId: string

beforeAll(async () => {
  dashboard = await openDashboard()
  const { ask } = dashboard
  appId = ((await ask('POST', '/apps', { slug: 'shop', name: 'The shop' })) as Made).id
  await ask('POST', '/apps/shop/domains', { pattern: 'shop.localhost' })
  const source = 'if secrets::has("WEBHOOK_KEY") { secrets::get("WEBHOOK_KEY").len() } else { 0 }'
  const script = await ask('POST', '/scripts', { app_id: appId, name: 'hook', source })
  await ask('POST', '/routes', {
    app_id: appId,
    path_pattern: '/hook',
    script_id: (script as Made).id,
  })
})

afterAll(() => dashboard[Symbol.asyncDispose]())

afterEach(() => {
  expect(dashboard.complaints()).toEqual([])
})

async function openData(part?: 'secrets' | 'file'): Promise<void> {
  const { page, program } = dashboard
  await page.goto(`${program.url}/admin/apps/shop/data${part === undefined ? '' : `?part=${part}`}`)
  await page.getByRole('navigation', { name: 'Parts of the data' }).waitFor()
}

async function keep(key: string, value: unknown): Promise<void> {
  await dashboard.ask('PUT', `/apps/shop/kv/entry?key=${encodeURIComponent(key)}`, { value })
}

async function kept(key: string): Promise<Entry> {
  const path = `/apps/shop/kv/entry?key=${encodeURIComponent(key)}`
  return (await dashboard.ask('GET', path)) as Entry
}

async function openKey(key: string): Promise<void> {
  const { page } = dashboard
  await page.getByRole('button', { name: key, exact: true }).click()
  await page.getByLabel('Value').waitFor()
}

async function save(): Promise<void> {
  const { page } = dashboard
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
}

it('says how something is kept where nothing is', async () => {
  const { page } = dashboard
  await openData()
  await page.getByRole('heading', { name: 'Nothing is kept yet' }).waitFor()
  expect(await barriersOn(page)).toEqual([])
})

it('keeps a value as it is written, with a time to live', async () => {
  const { page } = dashboard
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByLabel('Key', { exact: true }).fill('user/7')
  await page.getByLabel('Value').fill('{"name": "Ada", "big": 9223372036854775807, "half": 1.0')
  await page.getByText('No JSON').waitFor()
  await page.getByLabel('Value').fill('{"name": "Ada", "big": 9223372036854775807, "half": 1.0}')
  await page.getByLabel('Ends').selectOption('after …')
  await page.getByLabel('How long').fill('2')
  expect(await barriersOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByRole('button', { name: 'user/7' }).waitFor()
  const { value, ttl_ms } = await kept('user/7')
  expect(value).toEqual({
    name: 'Ada',
    big: { $int: '9223372036854775807' },
    half: { $float: '1.0' },
  })
  expect(ttl_ms).toBeGreaterThan(2 * 3_600_000 - 60_000)
  expect(ttl_ms).toBeLessThanOrEqual(2 * 3_600_000)
})

it('changes a value, and leaves every digit and the time to live of the rest', async () => {
  const { page } = dashboard
  await openKey('user/7')
  await page.getByText(/, ends in (?:2 h|1 h 59 min)/).waitFor()
  const text = await page.getByLabel('Value').inputValue()
  expect(text).toContain('"$int": "9223372036854775807"')
  await page.getByLabel('Value').fill(text.replace('Ada', 'Alan'))
  await save()
  const { value, ttl_ms } = await kept('user/7')
  expect(value).toMatchObject({ name: 'Alan', big: { $int: '9223372036854775807' } })
  expect(ttl_ms).toBeGreaterThan(3_600_000)
  await openKey('user/7')
  await page.getByLabel('Ends').selectOption('never')
  await save()
  expect((await kept('user/7')).ttl_ms).toBeNull()
})

it('refuses a number that no INT is, before it is sent', async () => {
  const { page } = dashboard
  await openKey('user/7')
  await page.getByLabel('Value').fill('9223372036854775808')
  await page.getByText('9223372036854775808 is more than the 64 bits of an INT.').waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.keyboard.press('Escape')
  expect((await kept('user/7')).value).toMatchObject({ name: 'Alan' })
})

it('takes the place of no other key, and of nothing a script has written meanwhile', async () => {
  const { page } = dashboard
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByLabel('Key', { exact: true }).fill('user/7')
  await page.getByLabel('Value').fill('1')
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByText('This key is there already').waitFor()
  await page.keyboard.press('Escape')

  await openKey('user/7')
  await keep('user/7', 'of a script')
  await page.getByLabel('Value').fill('"mine"')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('A script has changed the value meanwhile.').waitFor()
  await page.getByText('"of a script"').waitFor()
  expect((await kept('user/7')).value).toBe('of a script')
  await page.getByRole('button', { name: 'Go on with mine' }).click()
  await save()
  expect((await kept('user/7')).value).toBe('mine')
})

it('turns the pages of the keys with a prefix', async () => {
  const { page } = dashboard
  for (let number = 100; number < 160; number += 1) await keep(`note/${number}`, number)
  await keep('first', true)
  await openData()
  await page.getByRole('button', { name: 'first' }).waitFor()
  await page.getByLabel('Keys that begin with').fill('note/')
  await page.getByRole('button', { name: 'first' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'note/149' }).waitFor()
  expect(await page.getByRole('button', { name: 'note/' }).count()).toBe(50)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'note/159' }).waitFor()
  expect(await page.getByRole('button', { name: 'note/' }).count()).toBe(10)
  expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true)
  await page.getByRole('button', { name: 'Previous' }).click()
  await page.getByRole('button', { name: 'note/100' }).waitFor()
  await page.getByLabel('Keys that begin with').fill('nobody')
  await page.getByText('No key begins with “nobody”.').waitFor()
})

it('deletes a key when asked twice', async () => {
  const { page } = dashboard
  await openData()
  await page.getByLabel('Keys that begin with').fill('user/')
  await openKey('user/7')
  await page.getByRole('button', { name: 'Delete' }).click()
  const question = page.getByRole('dialog', { name: 'Delete this key?' })
  await question.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'user/7' }).waitFor({ state: 'detached' })
  await expect(kept('user/7')).rejects.toThrow('404')
})

it('sets a secret that scripts read and no page shows', async () => {
  const { page, program } = dashboard
  await openData('secrets')
  await page.getByRole('button', { name: 'Set the first secret' }).click()
  await page.getByLabel('Name').fill('-bad')
  await page.getByLabel('Value').fill('abcd')
  await page.getByRole('button', { name: 'Set the secret' }).click()
  await page.getByText('No secret can be named').waitFor()
  await expectRefusal(dashboard, 422, `/apps/${appId}/secrets/-bad`)
  await page.getByLabel('Name').fill('WEBHOOK_KEY')
  await page.getByLabel('Value').fill(SECRET)
  expect(await barriersOn(page)).toEqual([])
  const sent = page.waitForResponse((response) => response.request().method() === 'PUT')
  await page.getByRole('button', { name: 'Set the secret' }).click()
  expect(await (await sent).text()).not.toContain(SECRET)
  await page.getByRole('listitem').getByText('WEBHOOK_KEY').waitFor()
  await page.getByRole('link', { name: 'hook' }).waitFor()
  expect(await page.content()).not.toContain(SECRET)
  await page.reload()
  await page.getByRole('listitem').getByText('WEBHOOK_KEY').waitFor()
  expect(await page.content()).not.toContain(SECRET)
  await page.getByRole('button', { name: 'Replace WEBHOOK_KEY' }).click()
  expect(await page.getByLabel('Value').inputValue()).toBe('')
  const { text } = await hostAnswer(program, 'shop.localhost', '/hook')
  expect(text).toBe(String(SECRET.length))
})

it('replaces a secret, and deletes it', async () => {
  const { page, program } = dashboard
  await page.getByLabel('Value').fill('line 1\nline 2')
  await page.getByRole('button', { name: 'Replace', exact: true }).click()
  await page.getByText('Set WEBHOOK_KEY').waitFor()
  expect((await hostAnswer(program, 'shop.localhost', '/hook')).text).toBe('13')
  await page.getByRole('button', { name: 'Delete WEBHOOK_KEY' }).click()
  const question = page.getByRole('dialog', { name: 'Delete this secret?' })
  await question.getByText('Scripts that ask for it fail from then on: hook.').waitFor()
  await question.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('heading', { name: 'No secret yet' }).waitFor()
})

it('takes an app along as a file, and makes a working app of it', async () => {
  const { page, program, ask } = dashboard
  await openData('file')
  expect(await barriersOn(page)).toEqual([])
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download shop.json' }).click()
  const saved = await download
  expect(saved.suggestedFilename()).toBe('shop.json')
  const text = await readFile(await saved.path(), 'utf8')

  const file = (name: string, content: string) => ({
    name,
    mimeType: 'application/json',
    buffer: Buffer.from(content),
  })
  const input = page.getByLabel('File that an export wrote')
  await input.setInputFiles(file('broken.json', '{'))
  await page.getByText('broken.json: This is no JSON').waitFor()

  await input.setInputFiles(file('shop.json', text))
  await page.getByText('1 script').waitFor()
  await page.getByText('shop.localhost').waitFor()
  expect(await barriersOn(page)).toEqual([])
  expect(await page.getByLabel('Claim its domains').isChecked()).toBe(false)
  await page.getByLabel('Claim its domains').check()
  await page.getByLabel('Slug of the new app').fill('shop')
  await page.getByText('An app has the slug shop; it cannot be taken.').waitFor()
  await page.getByLabel('Slug of the new app').fill('shop-2')
  await page.getByRole('button', { name: 'Import' }).click()
  await page.getByText('which another app claims').first().waitFor()
  await expectRefusal(dashboard, 409, '/apps:import')
  await page.getByLabel('Claim its domains').uncheck()
  await page.getByRole('button', { name: 'Import' }).click()
  await page.waitForURL('**/admin/apps/shop-2')
  await ask('POST', '/apps/shop-2/domains', { pattern: 'copy.localhost' })
  await expect
    .poll(() => hostAnswer(program, 'copy.localhost', '/hook'))
    .toEqual({ status: 200, text: '0' })
})

it.each(['light', 'dark'] as const)('fits a phone, in %s', async (colorScheme) => {
  const { page, ask } = dashboard
  await ask('PUT', '/apps/shop/secrets/A_RATHER_LONG_NAME_OF_A_SECRET_THAT_GOES_ON', {
    value: SECRET,
  })
  await page.setViewportSize({ width: 390, height: 740 })
  await page.emulateMedia({ colorScheme })
  const places = [
    [undefined, page.getByRole('button', { name: 'note/100' })],
    ['secrets', page.getByRole('listitem').first()],
    ['file', page.getByRole('button', { name: 'Download shop.json' })],
  ] as const
  for (const [part, shown] of places) {
    await openData(part)
    await shown.waitFor()
    expect(await overflowOf(page)).toBe(0)
    expect(await barriersOn(page)).toEqual([])
  }
  await openData()
  await openKey('note/100')
  expect(await overflowOf(page)).toBe(0)
  expect(await barriersOn(page)).toEqual([])
})
