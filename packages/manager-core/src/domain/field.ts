/**
 * Says which member of a request an error is about, where the rule that failed cannot know.
 *
 * @module
 */
import { PicloudError } from '@picloud/shared'

/** Runs `read`; an error of ours comes out naming the member at `pointer` (RFC 6901). */
export function asField<T>(pointer: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof PicloudError) || error.errors.length > 0) throw error
    const { code, audience, status, message, details } = error
    const errors = [{ pointer, message }]
    throw new PicloudError({ code, audience, status, message, details, errors, cause: error })
  }
}
