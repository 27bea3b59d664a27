/**
 * What tests of an app's settings have in common.
 *
 * @module
 */
import type { Locator } from 'playwright-core'
import type { Dashboard } from './browser.ts'

/** A section of the page, and its button that saves it. */
export function settingsSection(
  { page }: Dashboard,
  title: string,
): { readonly region: Locator; readonly save: Locator } {
  const region = page.getByRole('region', { name: title, exact: true })
  return { region, save: region.getByRole('button', { name: `Save: ${title}` }) }
}
