/**
 * Errors of apps.
 *
 * @module
 */
import type { AppContents } from '@picloud/shared'
import { quote, UserError } from './user-error.ts'

export class AppNotFoundError extends UserError<'PIC_APP_NOT_FOUND'> {
  constructor(reference: string) {
    const message = `There is no app with the id or slug ${quote(reference)}.`
    super({ code: 'PIC_APP_NOT_FOUND', status: 404, message })
  }
}

export class AppSlugTakenError extends UserError<'PIC_APP_SLUG_TAKEN'> {
  constructor(slug: string) {
    const message = `The slug ${quote(slug)} is in use.`
    super({
      code: 'PIC_APP_SLUG_TAKEN',
      status: 409,
      message,
      errors: [{ pointer: '/slug', message }],
    })
  }
}

/** Not taken by accident: what links by it would meet another app. */
export class AppSlugHistoricalError extends UserError<'PIC_APP_SLUG_HISTORICAL'> {
  constructor(
    slug: string,
    app: { readonly id: string; readonly slug: string; readonly name: string },
  ) {
    const message = `The slug ${quote(slug)} leads to the app ${quote(app.slug)}, which had it before.`
    super({
      code: 'PIC_APP_SLUG_HISTORICAL',
      status: 409,
      message: `${message} Repeat with "force": true to take it.`,
      errors: [{ pointer: '/slug', message }],
      details: { app: { id: app.id, slug: app.slug, name: app.name }, needs_force: true },
    })
  }
}

export class FormerSlugNotFoundError extends UserError<'PIC_APP_FORMER_SLUG_NOT_FOUND'> {
  constructor(app: string, slug: string) {
    const message = `The app ${quote(app)} has no former slug ${quote(slug)}.`
    super({ code: 'PIC_APP_FORMER_SLUG_NOT_FOUND', status: 404, message })
  }
}

export class AppNotEmptyError extends UserError<'PIC_APP_NOT_EMPTY'> {
  constructor(slug: string, contents: AppContents) {
    const listed = Object.entries(contents)
      .filter(([, count]) => count > 0)
      .map(([what, count]) => `${count} ${count === 1 ? what.slice(0, -1) : what}`)
    super({
      code: 'PIC_APP_NOT_EMPTY',
      status: 409,
      message:
        `Deleting the app ${quote(slug)} would also delete ${listed.join(', ')}. ` +
        'Repeat with ?force=true to do so.',
      details: { would_delete: contents },
    })
  }
}
