/**
 * The audit log: written in the transaction of the change it tells of, never altered.
 *
 * @module
 */
import { type AppId, type AuditId, newId } from '@picloud/shared'
import type { AuditSnapshot } from '../schema.ts'
import type { Queries } from './queries.ts'

export interface NewAuditEntry {
  readonly actor: {
    readonly kind: string
    /** Null: it has none, as the operator's token of the configuration. */
    readonly id: string | null
    readonly name: string
  }
  /** Of the client. */
  readonly address: string
  readonly requestId: string
  /** `app.create`, `script.activate`. */
  readonly action: string
  readonly target: { readonly type: string; readonly id: string; readonly name: string }
  /** Null: the change belongs to no app. */
  readonly appId: AppId | null
  /** Null: it was not there. */
  readonly before: AuditSnapshot | null
  /** Null: it is no more. */
  readonly after: AuditSnapshot | null
}

export class AuditWriter {
  readonly #queries: Queries

  constructor(queries: Queries) {
    this.#queries = queries
  }

  async append(entries: readonly NewAuditEntry[]): Promise<void> {
    if (entries.length === 0) return
    const rows = entries.map((entry) => ({
      id: newId<AuditId>(),
      actorKind: entry.actor.kind,
      actorId: entry.actor.id,
      actorName: entry.actor.name,
      address: entry.address,
      requestId: entry.requestId,
      action: entry.action,
      targetType: entry.target.type,
      targetId: entry.target.id,
      targetName: entry.target.name,
      appId: entry.appId,
      before: entry.before === null ? null : JSON.stringify(entry.before),
      after: entry.after === null ? null : JSON.stringify(entry.after),
    }))
    await this.#queries.insertInto('auditLog').values(rows).execute()
  }
}
