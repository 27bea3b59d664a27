/**
 * Charts of what an app did, in a real Chromium: drawn, read without seeing them, and led on by.
 */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { barriersOn, openDashboard, overflowOf, type SignedInDashboard } from './browser.ts'

const SUCCESSES = 3
const FAILURES = 2

let dashboard: SignedInDashboard
let page: Page

beforeAll(async () => {
  dashboard = await openDashboard()
  page = dashboard.page
  const { id: app_id } = (await dashboard.ask('GET', '/apps/default')) as Made
  for (const [name, source, calls] of [
    ['fine', '"fine"', SUCCESSES],
    ['broken', 'throw "no"', FAILURES],
  ] as const) {
    const { id: script_id } = (await dashboard.ask('POST', '/scripts', {
      ...{ app_id, name, source },
    })) as Made
    await dashboard.ask('POST', '/routes', {
      ...{ app_id, script_id, path_pattern: `/${name}` },
    })
    for (let call = 0; call < calls; call += 1) await fetch(`${dashboard.program.url}/${name}`)
  }
  await vi.waitUntil(async () => (await recordedCount()) === SUCCESSES + FAILURES, 10_000)
})

afterAll(() => dashboard[Symbol.asyncDispose]())

afterEach(() => {
  expect(dashboard.complaints()).toEqual([])
})

interface Made {
  readonly id: string
}

async function recordedCount(): Promise<number> {
  const { items } = (await dashboard.ask('GET', '/executions?app=default')) as {
    readonly items: readonly unknown[]
  }
  return items.length
}

const chart = (title: string) => page.getByRole('figure', { name: title, exact: true })

async function open(query = '?range=1h'): Promise<void> {
  await page.goto(`${dashboard.program.url}/admin/apps/default/executions${query}`)
  await page.getByText('5 requests').waitFor()
  await expect.poll(() => paintedPixels('Requests', '--accent')).toBeGreaterThan(0)
}

/** How much of a drawing has a colour of the page's style, as it is now. */
async function paintedPixels(title: string, colour: string): Promise<number> {
  return page.evaluate(`(${PAINTED})(${JSON.stringify(title)}, ${JSON.stringify(colour)})`)
}

/** Runs in the page. */
const PAINTED = `(title, colour) => {
  const figure = document.querySelector('figure[aria-label="' + title + '"]')
  const canvas = figure?.querySelector('canvas')
  if (!canvas) return 0
  const text = document.createElement('span')
  text.style.color = 'var(' + colour + ')'
  figure.append(text)
  const probe = document.createElement('canvas').getContext('2d')
  probe.fillStyle = getComputedStyle(text).color
  text.remove()
  probe.fillRect(0, 0, 1, 1)
  const wanted = probe.getImageData(0, 0, 1, 1).data.join()
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  let count = 0
  for (let at = 0; at < data.length; at += 4) {
    if (data.slice(at, at + 4).join() === wanted) count += 1
  }
  return count
}`

function filterOfPage(): URLSearchParams {
  return new URLSearchParams(new URL(page.url()).search)
}

/** Of the plot, in which the newest step stands at the right edge. */
async function plotBox(title: string) {
  const box = await chart(title).locator('.u-over').boundingBox()
  if (box === null) throw new Error(`${title} is not drawn.`)
  return box
}

it('is loaded only when it is unfolded, and draws what ran in the colours of the page', async () => {
  const loaded: string[] = []
  page.on('request', (request) => loaded.push(request.url()))
  await page.goto(`${dashboard.program.url}/admin/apps/default/executions`)
  await page.getByRole('row').nth(1).waitFor()
  expect(loaded.filter((url) => url.includes('/stats'))).toEqual([])
  await page.getByText('Charts', { exact: true }).click()
  await page.getByText('5 requests').waitFor()
  await expect.poll(() => paintedPixels('Requests', '--accent')).toBeGreaterThan(0)
  expect(await paintedPixels('Requests', '--bad')).toBeGreaterThan(0)
  expect(await paintedPixels('Time they took', '--warn')).toBeGreaterThan(0)
  expect(await paintedPixels('Operations', '--accent')).toBeGreaterThan(0)
})

it('follows a change from light to dark while it is shown', async () => {
  await page.emulateMedia({ colorScheme: 'light' })
  await open()
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect.poll(() => paintedPixels('Requests', '--accent')).toBeGreaterThan(0)
  await page.emulateMedia({ colorScheme: 'light' })
  await expect.poll(() => paintedPixels('Requests', '--accent')).toBeGreaterThan(0)
})

it('keeps the range in the address', async () => {
  await page.goto(`${dashboard.program.url}/admin/apps/default/executions?range=7d`)
  await page.getByRole('heading', { name: 'The last 7 days' }).waitFor()
  await page.getByRole('link', { name: '1h' }).click()
  await page.getByRole('heading', { name: 'The last hour' }).waitFor()
  expect(filterOfPage().get('range')).toBe('1h')
  await page.reload()
  await page.getByRole('heading', { name: 'The last hour' }).waitFor()
})

it('leads from a range that is drawn over to what ran in it', async () => {
  await open()
  const { x, y, width, height } = await plotBox('Operations')
  await page.mouse.move(x + width / 2, y + height / 2)
  await page.mouse.down()
  await page.mouse.move(x + width - 1, y + height / 2, { steps: 4 })
  await page.mouse.up()
  await expect.poll(() => filterOfPage().get('since')).not.toBeNull()
  const lengthMs = Date.parse(filterOfPage().get('until') ?? '') - sinceMs()
  expect(lengthMs).toBeGreaterThan(25 * 60_000)
  expect(lengthMs).toBeLessThan(35 * 60_000)
  expect(filterOfPage().get('outcome')).toBeNull()
})

function sinceMs(): number {
  return Date.parse(filterOfPage().get('since') ?? '')
}

it('leads from the bar of what failed to what failed', async () => {
  await page.goto(`${dashboard.program.url}/admin/apps/default/executions?range=30d`)
  await expect.poll(() => paintedPixels('Requests', '--bad')).toBeGreaterThan(0)
  const { x, y, width, height } = await plotBox('Requests')
  await page.mouse.click(x + width - 3, y + height - 4)
  await expect.poll(() => filterOfPage().get('outcome')).toBe('error')
  expect(Date.parse(filterOfPage().get('until') ?? '') - sinceMs()).toBe(12 * 3_600_000)
  await expect.poll(() => page.getByRole('row', { name: /broken/ }).count()).toBe(FAILURES)
  expect(await page.getByRole('row', { name: /fine/ }).count()).toBe(0)
})

it('says all of it in a table that takes the place of the drawing, with the keyboard alone', async () => {
  await open('?range=30d')
  const before = await chart('Requests').boundingBox()
  await page.getByRole('button', { name: 'Table of Requests' }).focus()
  await page.keyboard.press('Enter')
  const table = page.getByRole('region', { name: 'Table of Requests' })
  await table.getByRole('row').nth(1).waitFor()
  expect(await table.getByRole('row').nth(1).getByRole('cell').allTextContents()).toEqual([
    expect.stringMatching(/^\s*5\s*$/),
    expect.stringMatching(/^\s*2\s*$/),
  ])
  expect(await chart('Requests').boundingBox()).toEqual(before)
  expect(await barriersOn(page)).toEqual([])
  await table.getByRole('link', { name: '2', exact: true }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => filterOfPage().get('outcome')).toBe('error')
})

it('shows the values pointed at in all charts, and does not move for it', async () => {
  await open('?range=30d')
  const before = await chart('Operations').boundingBox()
  const { x, y, width, height } = await plotBox('Requests')
  await page.mouse.move(x + width - 3, y + height / 2)
  await chart('Requests').getByText('Failed 2').waitFor()
  await chart('Time they took')
    .getByText(/p95 [\d.]+ ms/)
    .waitFor()
  expect(await chart('Operations').boundingBox()).toEqual(before)
  await page.mouse.move(0, 0)
  await chart('Requests').getByText('5 requests').waitFor()
})

it('fits a phone, in light and dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width: 1280, height: 800 })
    await open()
    await page.setViewportSize({ width: 390, height: 800 })
    await expect.poll(async () => (await plotBox('Requests')).width).toBeLessThan(390)
    expect(await overflowOf(page)).toBe(0)
    expect(await barriersOn(page)).toEqual([])
  }
})
