/**
 * Makes the pictures of the dashboard that stand in the documentation: `npm run screenshots`.
 *
 * @module
 */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { openDashboard } from './browser.ts'
import { fillWithDemo } from './demo.ts'

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url))
const WIDE = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 800 }

interface Picture {
  readonly name: string
  readonly path: string
  readonly colorScheme?: 'light' | 'dark'
  readonly size?: typeof WIDE
  /** Until the page shows what it is to show. */
  ready(page: Page): Promise<void>
}

const editor = (page: Page) => page.getByRole('textbox', { name: /^Source of/ }).waitFor()
const rows = (page: Page) => page.getByRole('row').nth(1).waitFor()

const PICTURES: readonly Picture[] = [
  { name: 'apps', path: '/apps', ready: (page) => page.getByText('Pie shop').waitFor() },
  {
    name: 'overview',
    path: '/apps/shop',
    ready: (page) => page.getByText('Newest executions').waitFor(),
  },
  {
    name: 'script',
    path: '/apps/shop/scripts/prices?method=GET&path=/prices/pie',
    ready: async (page) => {
      await editor(page)
      await page.getByRole('button', { name: 'Run', exact: true }).click()
      await page.getByTestId('answer-body').waitFor()
    },
  },
  { name: 'executions', path: '/apps/shop/executions', ready: rows },
  { name: 'executions-dark', path: '/apps/shop/executions', colorScheme: 'dark', ready: rows },
  { name: 'routes', path: '/apps/shop/routes', ready: rows },
  {
    name: 'script-phone-dark',
    path: '/apps/shop/scripts/prices',
    colorScheme: 'dark',
    size: PHONE,
    ready: editor,
  },
]

/** What appears only after a moment, and fades in. */
const SETTLE_MS = 800

await mkdir(FOLDER, { recursive: true })
await using dashboard = await openDashboard()
await fillWithDemo(dashboard)
const { page, program } = dashboard
for (const { name, path, colorScheme = 'light', size = WIDE, ready } of PICTURES) {
  await page.emulateMedia({ colorScheme })
  await page.setViewportSize(size)
  await page.goto(`${program.url}/admin${path}`)
  await ready(page)
  await page.waitForTimeout(SETTLE_MS)
  await page.screenshot({ path: `${FOLDER}dashboard-${name}.png`, animations: 'disabled' })
  process.stdout.write(`docs/images/dashboard-${name}.png\n`)
}
const complaints = dashboard.complaints()
if (complaints.length > 0) throw new Error(`The pages complained: ${complaints.join(', ')}`)
