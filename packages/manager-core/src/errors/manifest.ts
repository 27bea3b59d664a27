/**
 * Errors of manifests.
 *
 * @module
 */
import type { FieldError } from '@picloud/shared'
import { quote, UserError } from './user-error.ts'

/** One thing that is wrong with a manifest, whatever the app is now. */
export interface ManifestProblem extends FieldError {
  /** Of the rule that is broken, as where the thing is changed alone. */
  readonly code: string
  /** In a script's source, from 1; 0 is unknown. */
  readonly line?: number
  readonly column?: number
}

export class ManifestInvalidError extends UserError<'PIC_MANIFEST_INVALID'> {
  constructor(problems: readonly ManifestProblem[]) {
    const [first] = problems
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
    super({
      code: 'PIC_MANIFEST_INVALID',
      status: 422,
      message:
        'The manifest is not valid, so nothing was changed: ' +
        `${first?.pointer ?? ''}: ${first?.message ?? ''}${more}`,
      errors: problems.map(({ pointer, message }) => ({ pointer, message })),
      details: { problems },
    })
  }
}

export class ManifestStaleError extends UserError<'PIC_MANIFEST_STALE'> {
  constructor(etag: string) {
    super({
      code: 'PIC_MANIFEST_STALE',
      status: 412,
      message: 'The app was changed since its manifest was read. Read it again, then repeat this.',
      details: { etag },
    })
  }
}

export class ManifestTooLargeError extends UserError<'PIC_MANIFEST_TOO_LARGE'> {
  constructor(slug: string, what: string, { count, max }: { count: number; max: number }) {
    super({
      code: 'PIC_MANIFEST_TOO_LARGE',
      status: 409,
      message:
        `The app ${quote(slug)} holds ${count} ${what}, and a manifest at most ${max}. ` +
        'Change its scripts, routes and domains one by one.',
      details: { limit: { value: max, unit: what } },
    })
  }
}
