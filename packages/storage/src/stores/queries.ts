/**
 * What a store runs its queries on: the pool, or the transaction of a write.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'
import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

export type Queries = Kysely<Schema>

/** Notes that a write changed what an app serves. */
export type Touch = (appId: AppId) => void
