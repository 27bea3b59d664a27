/**
 * The routes of an app, made and explained in a real Chromium, and asked over HTTP whether they are so.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { barriersOn, openDashboard, overflowOf, type SignedInDashboard } from './browser.ts'
import { expectRefusal } from './expected-refusal.ts'
import { hostAnswer } from './host-answer.ts'

interface Made {
  readonly id: string
}

interface MadeRoute extends Made {
  readonly path_pattern: string
}

let dashboard: SignedInDashboard
let appId: string
let usersScript: string

beforeAll(async () => {
  dashboard = await openDashboard()
  const { ask } = dashboard
  appId = ((await ask('POST', '/apps', { slug: 'shop', name: 'The shop' })) as Made).id
  await ask('POST', '/apps/shop/domains', { pattern: 'shop.localhost' })
  usersScript = await makeScript('users', '"user " + request.params.id')
  await makeScript('front', '"front"')
})

afterAll(() => dashboard[Symbol.asyncDispose]())

afterEach(() => {
  expect(dashboard.complaints()).toEqual([])
})

async function makeScript(name: string, source: string): Promise<string> {
  const made = await dashboard.ask('POST', '/scripts', { app_id: appId, name, source })
  return (made as Made).id
}

async function routes(): Promise<readonly MadeRoute[]> {
  const { items } = (await dashboard.ask('GET', '/routes?app=shop')) as {
    readonly items: readonly MadeRoute[]
  }
  return items
}

/** Its text, or the status where that is no success. */
async function answerOf(path: string): Promise<string> {
  const { status, text } = await hostAnswer(dashboard.program, 'shop.localhost', path)
  return status === 200 ? text : String(status)
}

async function openRoutes(): Promise<void> {
  const { page, program } = dashboard
  await page.goto(`${program.url}/admin/apps/shop/routes`)
  await page.getByRole('heading', { name: 'Why did this answer?' }).waitFor()
}

it('says what a route is where there is none', async () => {
  const { page } = dashboard
  await openRoutes()
  await page.getByRole('heading', { name: 'No route yet' }).waitFor()
  expect(await barriersOn(page)).toEqual([])
})

it('makes a route, shown before what it would match', async () => {
  const { page } = dashboard
  await page.getByRole('button', { name: 'Make the first route' }).click()
  await page.getByLabel('Path').fill('/users/:id')
  await page.getByLabel('Answer', { exact: true }).selectOption('users')
  const preview = page.getByRole('region', { name: 'Preview' })
  const port = new URL(dashboard.program.url).port
  await preview.getByText(`http://shop.localhost:${port}/users/7`).waitFor()
  await preview.getByText('request.params.id').waitFor()
  expect(await barriersOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Create the route' }).click()
  await page.getByRole('row', { name: '/users/:id' }).waitFor()
  await expect.poll(() => answerOf('/users/7')).toBe('user 7')
})

it('shows which routes are in the way, and which one would lose', async () => {
  const { page } = dashboard
  await page.getByRole('button', { name: 'New route' }).click()
  const preview = page.getByRole('region', { name: 'Preview' })
  await page.getByLabel('Path').fill('users')
  await page.getByText('A path begins with /').waitFor()
  await page.getByLabel('Path').fill('/users/:name')
  await preview.getByText('matches the same requests already').waitFor()
  await page.getByLabel('Method', { exact: true }).selectOption('*')
  await preview.getByText('More specific routes win').waitFor()
  await page.getByLabel('Path').fill('/users/new')
  await page.getByLabel('Method', { exact: true }).selectOption('GET')
  await preview.getByText('Wins over').waitFor()
  await page.getByLabel('Host').fill('elsewhere.example')
  await preview.getByText('elsewhere.example is outside what the app claims.').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  expect(await routes()).toHaveLength(1)
})

it('refuses a route that is there already, and says so at its path', async () => {
  const { page } = dashboard
  await page.getByRole('button', { name: 'New route' }).click()
  await page.getByLabel('Path').fill('/users/:name')
  await page.getByRole('button', { name: 'Create the route' }).click()
  await page.getByText('Collides with the route GET /users/:id.').waitFor()
  await expectRefusal(dashboard, 409, '/routes')
  await page.keyboard.press('Escape')
})

it('makes a hole, and a route whose requests run once', async () => {
  const { page } = dashboard
  await page.getByRole('button', { name: 'New route' }).click()
  await page.getByLabel('Path').fill('/users/root')
  await page.getByLabel('Answer', { exact: true }).selectOption('no script: a hole, 404')
  await page.getByRole('button', { name: 'Create the route' }).click()
  await page.getByRole('cell', { name: 'hole: 404' }).waitFor()
  await expect.poll(() => answerOf('/users/root')).toBe('404')

  await page.getByRole('button', { name: 'New route' }).click()
  await page.getByLabel('Method', { exact: true }).selectOption('POST')
  await page.getByLabel('Path').fill('/orders')
  await page.getByLabel('A request that is sent again runs once').check()
  await page.getByLabel('Header with the key').fill('X-Order-Key')
  await page.getByLabel('Refuse requests without a key').check()
  await page.getByRole('button', { name: 'Create the route' }).click()
  await page.getByRole('cell', { name: 'X-Order-Key, required' }).waitFor()
})

it('switches a route off and on', async () => {
  const { page } = dashboard
  const toggle = page.getByRole('switch', { name: 'Enable GET /users/:id' })
  await toggle.uncheck()
  await expect.poll(() => answerOf('/users/7')).toBe('404')
  await toggle.check()
  await expect.poll(() => answerOf('/users/7')).toBe('user 7')
})

it('shows what somebody else has changed meanwhile, and overwrites it only when told to', async () => {
  const { page, ask } = dashboard
  const route = (await routes()).find(({ path_pattern }) => path_pattern === '/users/:id')
  await page.getByRole('button', { name: 'Change GET /users/:id' }).click()
  await ask('PATCH', `/routes/${route?.id}`, { path_pattern: '/people/:id' })
  await page.getByLabel('Answer', { exact: true }).selectOption('front')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The route was changed meanwhile').waitFor()
  await page.getByRole('row', { name: 'Path /users/:id /people/:id' }).waitFor()
  expect(await barriersOn(page)).toEqual([])
  await expectRefusal(dashboard, 412, `/routes/${route?.id}`)
  await page.getByRole('button', { name: 'Go on with mine' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('row', { name: '/users/:id' }).getByRole('link', { name: 'front' }).waitFor()
  await expect.poll(() => answerOf('/users/7')).toBe('front')
})

it('explains who answers an address, and why the others do not', async () => {
  const { page, ask } = dashboard
  await ask('POST', '/routes', {
    app_id: appId,
    method: '*',
    path_pattern: '/*rest',
    script_id: usersScript,
  })
  await page.getByLabel('Address of the request').fill('https://shop.localhost/users/7')
  await page.getByRole('button', { name: 'Explain' }).click()
  await page.getByText('GET /users/:id is the most specific route that answers GET here.').waitFor()
  await page.getByText('request.params.id = "7"').waitFor()
  await page.getByText('GET /users/:id has the more specific path.').waitFor()
  await page.getByLabel('Address of the request').fill('https://nobody.example/')
  await page.getByRole('button', { name: 'Explain' }).click()
  await page.getByText('No app claims nobody.example.').waitFor()
  expect(await barriersOn(page)).toEqual([])
})

it('deletes a route when asked twice', async () => {
  const { page } = dashboard
  await page.getByRole('button', { name: 'Delete GET /users/root' }).click()
  const question = page.getByRole('dialog', { name: 'Delete this route?' })
  await question.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('cell', { name: 'hole: 404' }).waitFor({ state: 'detached' })
  expect((await routes()).map(({ path_pattern }) => path_pattern)).not.toContain('/users/root')
})

it('finds a route among many', async () => {
  const { page, ask } = dashboard
  for (let number = 0; number < 12; number += 1) {
    const path_pattern = `/many/${number}`
    await ask('POST', '/routes', { app_id: appId, path_pattern, script_id: usersScript })
  }
  await openRoutes()
  await page.getByLabel('Filter routes').fill('many/7')
  await page.getByRole('cell', { name: '/many/6' }).waitFor({ state: 'detached' })
  expect(await page.getByRole('switch').count()).toBe(1)
  await page.getByLabel('Filter routes').fill('nowhere')
  await page.getByText('No route has “nowhere” in it.').waitFor()
})

it.each(['light', 'dark'] as const)('fits a phone, in %s, the editor too', async (colorScheme) => {
  const { page } = dashboard
  await page.setViewportSize({ width: 390, height: 740 })
  await page.emulateMedia({ colorScheme })
  await openRoutes()
  await page.getByRole('switch').first().waitFor()
  expect(await overflowOf(page)).toBe(0)
  expect(await barriersOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Change POST /orders' }).click()
  await page.getByText('for example').waitFor()
  expect(await overflowOf(page)).toBe(0)
  expect(await barriersOn(page)).toEqual([])
})
