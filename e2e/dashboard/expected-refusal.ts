/**
 * A refusal that a test expects: the browser tells it twice, as an answer and in the console.
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
