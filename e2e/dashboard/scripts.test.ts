/**
 * Writing scripts in the browser: from nothing to an endpoint, with its mistakes, runs and versions.
 */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SCRIPT_TEMPLATES } from '../../dashboard/src/lib/script-templates.ts'
import { barriersOn, openDashboard, overflowOf, type SignedInDashboard } from './browser.ts'
import { expectOnlyRefusals } from './expected-refusal.ts'

let dashboard: SignedInDashboard
let page: Page

beforeAll(async () => {
  dashboard = await openDashboard()
  page = dashboard.page
})

afterAll(() => dashboard[Symbol.asyncDispose]())

afterEach(() => {
  expect(dashboard.complaints()).toEqual([])
})

const editor = () => page.getByRole('textbox', { name: /^Source of/ })
const code = async () => ((await editor().textContent()) ?? '').trimEnd()

async function open(path: string): Promise<void> {
  await page.goto(`${dashboard.program.url}/admin${path}`)
}

async function makeScript(name: string, source: string): Promise<string> {
  const { id: app_id } = (await dashboard.ask('GET', '/apps/default')) as { readonly id: string }
  const { id } = (await dashboard.ask('POST', '/scripts', { app_id, name, source })) as {
    readonly id: string
  }
  return id
}

async function openScript(name: string): Promise<void> {
  await open(`/apps/default/scripts/${name}`)
  await editor().waitFor()
}

/** Replaces the whole text. */
async function write(text: string): Promise<void> {
  await editor().click()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(text)
}

it('goes from nothing to an endpoint that answers', async () => {
  await open('/apps/default/scripts')
  await page.getByRole('button', { name: 'New script' }).click()
  await page.getByLabel('Name').fill('greet')
  expect(await barriersOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Create' }).click()
  await editor().waitFor()
  await write('#{ hello: request.query.name ?? "you" }')
  await page.getByText('not saved').waitFor()
  await page.keyboard.press('Control+s')
  await page.getByText('Version 2 is live', { exact: true }).waitFor()
  const answer = await fetch(`${dashboard.program.url}/greet?name=Ada`)
  expect(await answer.json()).toEqual({ hello: 'Ada' })
  expect(await barriersOn(page)).toEqual([])
})

it.each(SCRIPT_TEMPLATES)('offers a beginning that runs: $key', async ({ key, source }) => {
  const id = await makeScript(`template-${key}`, source)
  const request = {
    method: 'POST',
    headers: { 'content-type': ['application/json'] },
    body: '{"event":"paid"}',
  }
  const { execution } = (await dashboard.ask('POST', `/scripts/${id}:test`, {
    source,
    request,
  })) as { readonly execution: { readonly error: unknown; readonly status: number } }
  expect(execution.error).toBeNull()
  expect(execution.status).toBeLessThan(300)
})

it('shows a mistake at its place while it is written, and refuses to save it', async () => {
  await makeScript('mistaken', '1')
  await openScript('mistaken')
  await write('let a = 1;\nlet b = (a + ;')
  await page.locator('.cm-lintRange-error').first().waitFor()
  const line = page.locator('.cm-line', { has: page.locator('.cm-lintRange-error') })
  expect(await line.textContent()).toContain('let b')
  await page.keyboard.press('Control+s')
  await page.getByRole('alert').getByText('does not compile').waitFor()
  expectOnlyRefusals(dashboard, 422)
})

describe('the run panel', () => {
  const run = () => page.getByRole('button', { name: 'Run', exact: true })

  it('runs what is not saved, and shows answer, log lines and cost', async () => {
    await makeScript('tried', '"saved"')
    await openScript('tried')
    await write('log::info("on the way", #{ n: 1 });\n#{ got: request.body, to: request.path }')
    await page.getByLabel('Method').selectOption('POST')
    await page.getByLabel('Path and query').fill('/there?x=1')
    await page.getByLabel('Headers', { exact: true }).fill('content-type: application/json')
    await page.getByLabel('Body').fill('{"big":9223372036854775807}')
    await run().click()
    const body = page.getByTestId('answer-body')
    await body.waitFor()
    expect(await body.textContent()).toContain('"big": 9223372036854775807')
    await page.getByRole('listitem').getByText('on the way').waitFor()
    await page.getByText(/operations/).waitFor()
    expect(await barriersOn(page)).toEqual([])
  })

  it('keeps requests as samples', async () => {
    await page.getByLabel('Name of the sample').fill('a big order')
    await page.getByRole('button', { name: 'Keep' }).click()
    await page.getByText('Kept as “a big order”').waitFor()
    await page.reload()
    await editor().waitFor()
    await page.getByLabel('Saved samples').selectOption('a big order')
    expect(await page.getByLabel('Path and query').inputValue()).toBe('/there?x=1')
    expect(await page.getByLabel('Body').inputValue()).toContain('9223372036854775807')
  })

  it('marks the line a run stopped at', async () => {
    await write('let a = 1;\nlet b = 0;\nnowhere(a, b)')
    await run().click()
    await page.getByText('Line 3').waitFor()
    await page.locator('.cm-markedLine').waitFor()
    expect(await page.locator('.cm-markedLine').textContent()).toContain('nowhere')
  })
})

it('shows that somebody else saved meanwhile, and overwrites nothing', async () => {
  const id = await makeScript('shared', '"first"')
  await openScript('shared')
  await write('"mine"')
  await dashboard.ask('PUT', `/scripts/${id}`, { source: '"theirs"' })
  await page.keyboard.press('Control+s')
  const question = page.getByRole('dialog', { name: 'Somebody else changed this script' })
  await question.waitFor()
  expectOnlyRefusals(dashboard, 412)
  expect(await dashboard.ask('GET', `/scripts/${id}`)).toMatchObject({ source: '"theirs"' })
  await question.getByText('"theirs"').first().waitFor()
  expect(await barriersOn(page)).toEqual([])
  await question.getByRole('button', { name: 'Save mine' }).click()
  await page.getByText('Version 3 is live', { exact: true }).waitFor()
  expect(await dashboard.ask('GET', `/scripts/${id}`)).toMatchObject({ source: '"mine"' })
})

it('keeps unsaved text when the page is left', async () => {
  await makeScript('kept', '"saved"')
  await openScript('kept')
  await write('"not saved"')
  await open('/apps')
  await openScript('kept')
  expect(await code()).toBe('"not saved"')
  await page.getByRole('button', { name: 'Discard it' }).click()
  expect(await code()).toBe('"saved"')
})

it('compares versions, makes an old one live, and rolls back', async () => {
  const id = await makeScript('versioned', '"one"')
  await dashboard.ask('PUT', `/scripts/${id}`, { source: '"two"', message: 'the second' })
  await open('/apps/default/scripts/versioned?view=versions')
  await page.getByText('the second').waitFor()
  await page.getByRole('heading', { name: 'From version 1 to 2' }).waitFor()
  await page.locator('.cm-insertedLine, .cm-changedLine').getByText('"two"').first().waitFor()
  expect(await barriersOn(page)).toEqual([])
  await page.getByRole('button', { name: 'Activate version 1' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Activate' }).click()
  await page.getByText('Version 1 is live', { exact: true }).waitFor()
  expect(await dashboard.ask('GET', `/scripts/${id}`)).toMatchObject({ version: 1 })
  await page.getByRole('button', { name: 'Roll back' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click()
  await page.getByText('Version 2 is live again', { exact: true }).waitFor()
  expect(await dashboard.ask('GET', `/scripts/${id}`)).toMatchObject({ version: 2 })
})

it('is renamed and deleted', async () => {
  await makeScript('passing', '1')
  await openScript('passing')
  await page.getByRole('button', { name: 'Rename' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('passed')
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click()
  await page.waitForURL('**/scripts/passed')
  await page.getByRole('heading', { name: 'passed' }).waitFor()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.waitForURL('**/apps/default/scripts')
  await page.getByRole('link', { name: 'greet' }).waitFor()
  expect(await page.getByRole('link', { name: 'passed' }).count()).toBe(0)
})

it('makes a script with the keyboard alone', async () => {
  await open('/apps/default/scripts')
  await page.getByRole('link', { name: 'greet' }).waitFor()
  const focused = () => page.evaluate('document.activeElement?.innerText ?? ""')
  for (let at = 0; (await focused()) !== 'New script' && at < 30; at += 1) {
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'New script' }).waitFor()
  await page.keyboard.type('by-keyboard')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/scripts/by-keyboard')
  await editor().waitFor()
})

it('fits a phone, in light and dark', async () => {
  await page.setViewportSize({ width: 390, height: 800 })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const path of ['', '/greet', '/greet?view=versions']) {
      await open(`/apps/default/scripts${path}`)
      await page.getByRole('heading', { level: 2 }).first().waitFor()
      if (path === '/greet') await editor().waitFor()
      expect(await overflowOf(page), path).toBe(0)
      expect(await barriersOn(page), path).toEqual([])
    }
  }
})
