/**
 * Refusals that a test expects: the browser tells each twice, as an answer and in the console.
 *
 * @module
 */
import { expect } from 'vitest'
import type { Dashboard } from './browser.ts'

/** @param path of the admin API, with the query */
export async function expectRefusal(
  dashboard: Dashboard,
  status: number,
  path: string,
): Promise<void> {
  const complaints: string[] = []
  await expect
    .poll(() => {
      complaints.push(...dashboard.complaints())
      return complaints.length
    })
    .toBeGreaterThanOrEqual(2)
  expect(complaints.toSorted()).toEqual([
    `${status} ${dashboard.program.url}/api/v1/admin${path}`,
    expect.stringContaining(`the server responded with a status of ${status}`),
  ])
}

/** All complaints until now are of refusals with that status, and there is one at least. */
export function expectOnlyRefusals(dashboard: Dashboard, status: number): void {
  const complaints = dashboard.complaints()
  expect(complaints.length).toBeGreaterThan(0)
  const isExpected = new RegExp(`^${status} |with a status of ${status}\\b`)
  expect(complaints.filter((complaint) => !isExpected.test(complaint))).toEqual([])
}
