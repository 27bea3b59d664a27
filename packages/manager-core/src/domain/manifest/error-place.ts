/**
 * Says of an error where in a manifest the thing stands that it is about.
 *
 * The rules know only the member of the one thing they look at.
 *
 * @module
 */
import { PicloudError } from '@picloud/shared'

/**
 * Runs `work`; pointers of an error of ours come out below `at`.
 *
 * @param members what the rules call by another name than a manifest does
 */
export async function atPlace<T>(
  at: string,
  work: () => Promise<T>,
  members: Readonly<Record<string, string>> = {},
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof PicloudError) || error.audience !== 'user') throw error
    const { code, audience, status, message, details } = error
    const told = error.errors.length > 0 ? error.errors : [{ pointer: '', message }]
    const errors = told.map((each) => ({
      pointer: `${at}${members[each.pointer] ?? each.pointer}`,
      message: each.message,
    }))
    throw new PicloudError({ code, audience, status, message, details, errors, cause: error })
  }
}
