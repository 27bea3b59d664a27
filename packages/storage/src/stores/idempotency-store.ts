/**
 * Answers of requests that may be sent again, by the key their client gave them.
 *
 * A key is taken before its script runs, by one of all who send it at once. Until that one has
 * ended nobody else gets it; if its node dies, others may once it should have ended. Each taking
 * deletes a few rows whose time is over, whosever they are, so that nothing needs to look for them.
 *
 * @module
 */
import type { AppId, ExecutionId, RouteId } from '@picloud/shared'
import { sql } from 'kysely'
import { storableJson } from '../storable-text.ts'
import type { Queries } from './queries.ts'

/** How long an answer is kept. */
export const IDEMPOTENCY_KEPT_HOURS = 24

/** More than one, so that what is over goes faster than it comes. */
const SWEPT_ROWS = 20
/** Others may take and give back a key between two looks at it. */
const LOOKS_MAX = 3

export interface IdempotencyKey {
  readonly routeId: RouteId
  /** 32 bytes each. */
  readonly keyHash: Uint8Array
  readonly fingerprint: Uint8Array
}

export interface KeyTaking extends IdempotencyKey {
  readonly appId: AppId
  readonly owner: ExecutionId
  /** So long nobody else may have it. */
  readonly heldMs: number
  /** What it counts for while its answer is not known. */
  readonly bytes: number
}

/** An answer as it is kept: what of it is JSON, and its body. */
export interface KeptAnswer {
  readonly answer: unknown
  readonly body: Uint8Array | null
}

export type KeyState =
  /** It is the caller's now. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'inFlight' }
  /** Somebody sent something else with it. */
  | { readonly kind: 'mismatch' }
  | ({ readonly kind: 'answered' } & KeptAnswer)
  /** It was carried out; its answer was not one that is kept. */
  | { readonly kind: 'notKept' }

export class IdempotencyStore {
  readonly #queries: Queries

  constructor(queries: Queries) {
    this.#queries = queries
  }

  /** What a key stands at; `taken` only for one of all who ask at once. */
  async take(taking: KeyTaking): Promise<KeyState> {
    for (let look = 0; look < LOOKS_MAX; look += 1) {
      if (await this.#insert(taking)) return { kind: 'taken' }
      const state = await this.find(taking)
      if (state !== null) return state
    }
    return { kind: 'inFlight' }
  }

  /** Keeps the answer of who took it; null: none, but it is not to run again. False: it lost it. */
  async complete(
    { routeId, keyHash }: Pick<IdempotencyKey, 'routeId' | 'keyHash'>,
    owner: ExecutionId,
    kept: (KeptAnswer & { readonly bytes: number }) | null,
  ): Promise<boolean> {
    const { numUpdatedRows } = await this.#queries
      .updateTable('idempotencyKeys')
      .set({
        heldUntil: null,
        answer: storableJson(kept?.answer),
        body: kept?.body === null || kept === null ? null : Buffer.from(kept.body),
        ...(kept === null ? {} : { bytes: kept.bytes }),
      })
      .where('routeId', '=', routeId)
      .where('keyHash', '=', Buffer.from(keyHash))
      .where('owner', '=', owner)
      .executeTakeFirstOrThrow()
    return numUpdatedRows > 0n
  }

  /** Gives a key back: nothing was carried out, and the next who sends it may. */
  async release(
    { routeId, keyHash }: Pick<IdempotencyKey, 'routeId' | 'keyHash'>,
    owner: ExecutionId,
  ): Promise<void> {
    await this.#queries
      .deleteFrom('idempotencyKeys')
      .where('routeId', '=', routeId)
      .where('keyHash', '=', Buffer.from(keyHash))
      .where('owner', '=', owner)
      .execute()
  }

  /** What an app's keys count for, those that are over left out. */
  async bytesOf(appId: AppId): Promise<number> {
    const { rows } = await sql<{ bytes: number }>`
      select coalesce(sum(bytes), 0)::bigint as bytes from idempotency_keys
      where app_id = ${appId} and expires_at > now()`.execute(this.#queries)
    return rows[0]?.bytes ?? 0
  }

  /** What a key stands at. Null: nobody has it, or its time is over. */
  async find({ routeId, keyHash, fingerprint }: IdempotencyKey): Promise<KeyState | null> {
    const row = await this.#queries
      .selectFrom('idempotencyKeys')
      .select([
        'fingerprint',
        'answer',
        'body',
        sql<boolean>`held_until is not null`.as('isHeld'),
        sql<boolean>`expires_at <= now()`.as('isOver'),
      ])
      .where('routeId', '=', routeId)
      .where('keyHash', '=', Buffer.from(keyHash))
      .executeTakeFirst()
    if (row === undefined || row.isOver) return null
    if (!row.fingerprint.equals(Buffer.from(fingerprint))) return { kind: 'mismatch' }
    if (row.isHeld) return { kind: 'inFlight' }
    if (row.answer === null) return { kind: 'notKept' }
    return { kind: 'answered', answer: row.answer, body: row.body }
  }

  async #insert(taking: KeyTaking): Promise<boolean> {
    const { routeId, appId, owner, heldMs, bytes } = taking
    const [keyHash, fingerprint] = [Buffer.from(taking.keyHash), Buffer.from(taking.fingerprint)]
    const { rows } = await sql`
      with over as (
        select route_id, key_hash from idempotency_keys
        where expires_at <= now() and (route_id, key_hash) <> (${routeId}, ${keyHash}::bytea)
        order by expires_at limit ${SWEPT_ROWS} for update skip locked
      ), swept as (
        delete from idempotency_keys using over
        where idempotency_keys.route_id = over.route_id
          and idempotency_keys.key_hash = over.key_hash
      )
      insert into idempotency_keys as held
        (route_id, key_hash, app_id, fingerprint, owner, held_until, bytes, expires_at)
      values (${routeId}, ${keyHash}, ${appId}, ${fingerprint}, ${owner},
        now() + ${heldMs} * interval '1 millisecond', ${bytes},
        now() + ${IDEMPOTENCY_KEPT_HOURS} * interval '1 hour')
      on conflict on constraint idempotency_keys_pkey do update set
        fingerprint = excluded.fingerprint, owner = excluded.owner,
        held_until = excluded.held_until, answer = null, body = null, bytes = excluded.bytes,
        expires_at = excluded.expires_at
      where held.expires_at <= now()
        or (held.held_until <= now() and held.fingerprint = excluded.fingerprint)
      returning 1`.execute(this.#queries)
    return rows.length > 0
  }
}
