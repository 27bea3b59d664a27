/**
 * The audit log: written in the transaction of the change it tells of, never altered.
 *
 * It is bounded: every so many writes the oldest entries beyond a number are removed, in that same
 * transaction. Refused sign-ins have a smaller number of their own, so that whoever makes many of
 * them pushes nothing else out.
 *
 * @module
 */
import { type AppId, type AuditId, isId, newId } from '@picloud/shared'
import { type Selectable, sql } from 'kysely'
import { decodeIdCursor, encodeIdCursor, type Page, type PageRequest, pageOf } from '../page.ts'
import type { AuditLogTable, AuditSnapshot } from '../schema.ts'
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
  /** Without an id: what was asked for is nobody's. */
  readonly target: { readonly type: string; readonly id: string | null; readonly name: string }
  /** Null: the change belongs to no app. */
  readonly appId: AppId | null
  /** Null: it was not there. */
  readonly before: AuditSnapshot | null
  /** Null: it is no more. */
  readonly after: AuditSnapshot | null
}

export interface AuditRow extends NewAuditEntry {
  readonly id: AuditId
  readonly at: Date
}

export interface AuditListRequest extends PageRequest {
  readonly appId?: AppId | undefined
  readonly targetId?: string | undefined
  readonly action?: string | undefined
  /** An id, or the name of a kind or of an actor. */
  readonly actor?: string | undefined
  readonly since?: Date | undefined
  /** Not included. */
  readonly until?: Date | undefined
}

interface AuditLimits {
  readonly entriesMax: number
  readonly refusalsMax: number
}

/** About 50 MB at 500 bytes each: years of one team's changes. */
const AUDIT_LIMITS: AuditLimits = { entriesMax: 100_000, refusalsMax: 10_000 }
/** A refused sign-in: the one action that those who prove nothing can cause. */
const REFUSAL = 'session.refuse'
const WRITES_PER_REMOVAL = 256

export class AuditReader {
  readonly #queries: Queries

  constructor(queries: Queries) {
    this.#queries = queries
  }

  /** The newest first. */
  async list(request: AuditListRequest): Promise<Page<AuditRow>> {
    const before = request.cursor === undefined ? undefined : decodeIdCursor(request.cursor)
    let query = this.#queries.selectFrom('auditLog').selectAll()
    if (before !== undefined) query = query.where('id', '<', before as AuditId)
    const { appId, targetId, action, actor, since, until } = request
    if (appId !== undefined) query = query.where('appId', '=', appId)
    if (targetId !== undefined) query = query.where('targetId', '=', targetId)
    if (action !== undefined) query = query.where('action', '=', action)
    if (actor !== undefined && isId(actor)) query = query.where('actorId', '=', actor)
    else if (actor !== undefined) {
      query = query.where((eb) => eb.or([eb('actorName', '=', actor), eb('actorKind', '=', actor)]))
    }
    if (since !== undefined) query = query.where('at', '>=', since)
    if (until !== undefined) query = query.where('at', '<', until)
    const rows = await query
      .orderBy('id', 'desc')
      .limit(request.limit + 1)
      .execute()
    return pageOf(rows.map(entryOf), request.limit, ({ id }) => encodeIdCursor(id))
  }
}

export class AuditWriter {
  readonly #queries: Queries
  readonly #isRemovalDue: boolean

  /** @param sequence of the write this belongs to */
  constructor(queries: Queries, sequence: number) {
    this.#queries = queries
    this.#isRemovalDue = sequence % WRITES_PER_REMOVAL === 0
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
    if (this.#isRemovalDue) await this.removeOldest()
  }

  async removeOldest(limits: AuditLimits = AUDIT_LIMITS): Promise<void> {
    await sql`delete from audit_log where id <= (
      select id from audit_log order by id desc offset ${limits.entriesMax} limit 1
    )`.execute(this.#queries)
    await sql`delete from audit_log where action = ${sql.lit(REFUSAL)} and id <= (
      select id from audit_log where action = ${sql.lit(REFUSAL)}
      order by id desc offset ${limits.refusalsMax} limit 1
    )`.execute(this.#queries)
  }
}

function entryOf(row: Selectable<AuditLogTable>): AuditRow {
  const { id, at, address, requestId, action, appId, before, after } = row
  return {
    id,
    at,
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
    address,
    requestId,
    action,
    target: { type: row.targetType, id: row.targetId, name: row.targetName },
    appId,
    before,
    after,
  }
}
