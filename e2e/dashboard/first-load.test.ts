/**
 * What the first page costs, and what it may run.
 */
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { openDashboard } from './browser.ts'

const SCRIPT_BYTES_MAX = 250_000

it('loads few bytes of script, none of the editor, and runs nothing but its own files', async () => {
  await using dashboard = await openDashboard()
  const { page, program } = dashboard
  // As for somebody who comes for the first time.
  const fresh = await page
    .context()
    .browser()
    ?.newContext({
      storageState: await page.context().storageState(),
    })
  if (fresh === undefined) throw new Error('The browser has gone.')
  const first = await fresh.newPage()
  const scripts: Promise<Buffer>[] = []
  first.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.body())
  })
  const document = await first.goto(`${program.url}/admin/apps`)
  await first.getByRole('link', { name: 'default' }).waitFor()
  const texts = await Promise.all(scripts)
  const bytes = texts.reduce((sum, text) => sum + gzipSync(text).byteLength, 0)
  expect(texts.length).toBeGreaterThan(3)
  expect(bytes).toBeLessThan(SCRIPT_BYTES_MAX)
  expect(texts.some((text) => text.includes('cm-editor'))).toBe(false)
  const policy = document?.headers()['content-security-policy'] ?? ''
  const scriptSources = /script-src ([^;]*)/.exec(policy)?.[1]
  expect(scriptSources).toMatch(/^'self'( 'sha256-[^']+')*$/)
  await fresh.close()
  expect(dashboard.complaints()).toEqual([])
})
