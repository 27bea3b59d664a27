/**
 * What tests of an app's settings have in common.
 *
 * @module
 */
import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import type { Dashboard } from './browser.ts'

/** A section of the page, and its button that saves it. */
export function settingsSection(
  { page }: Dashboard,
  title: string,
): { readonly region: Locator; readonly save: Locator } {
  const region = page.getByRole('region', { name: title, exact: true })
  return { region, save: region.getByRole('button', { name: `Save: ${title}` }) }
}

/** The browser itself tells in its console what was refused: that is all there may be. */
export function expectOnlyRefusals(dashboard: Dashboard, status: number): void {
  const complaints = dashboard.complaints()
  expect(complaints.length).toBeGreaterThan(0)
  expect(complaints.filter((complaint) => !complaint.includes(String(status)))).toEqual([])
}
