/**
 * Changes that are meant for the app as it was read.
 *
 * @module
 */
import { ApiError } from '#lib/api-error.ts'
import type { AppContext } from '#lib/app-context.ts'

/** RFC 9110: the revision that was named is not the present one. */
export const STALE = 412

/**
 * Makes a change. Where the app was changed elsewhere meanwhile the change is not made, and the app
 * is shown as it is now.
 */
export async function changePresentApp<T>(
  context: AppContext,
  change: (ifRevision: number) => Promise<T>,
): Promise<T> {
  try {
    return await change(context.app.revision)
  } catch (error) {
    if (!(error instanceof ApiError && error.status === STALE)) throw error
    await context.reload()
    throw new Error(
      'The app was changed elsewhere meanwhile, and is shown as it is now. Repeat this if you still want it.',
    )
  }
}
