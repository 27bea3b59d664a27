/**
 * Reading who changed what.
 *
 * @module
 */
import { type AppId, isId } from '@picloud/shared'
import type { AuditListRequest, AuditRow, Database, Page } from '@picloud/storage'
import { findApp } from './apps.ts'

export interface AuditRequest extends Omit<AuditListRequest, 'appId'> {
  /** Id or slug. */
  readonly app?: string | undefined
}

export class AuditLog {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async list({ app, ...request }: AuditRequest): Promise<Page<AuditRow>> {
    if (app === undefined) return this.#database.audit.list(request)
    // An app that was deleted has an id still, and this log is where to look it up.
    const appId = isId(app) ? (app as AppId) : (await findApp(this.#database, app)).id
    return this.#database.audit.list({ ...request, appId })
  }
}
