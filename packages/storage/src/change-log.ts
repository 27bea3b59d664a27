/**
 * The change sequence and its bounded log: what a node needs to learn what it missed.
 *
 * Beginning a change locks the one row of `change_state`, so changes commit in the order of their
 * numbers and a node that has seen number n has seen all before it. NOTIFY only wakes; whoever
 * wakes reads the tables.
 *
 * @module
 */
import type { AppId } from '@picloud/shared'
import { sql, type Transaction } from 'kysely'
import type { Schema } from './schema.ts'

export const CHANGES_CHANNEL = 'picloud_changes'

/** Changes remembered. A node that missed more reloads everything, which is always right. */
const CHANGE_LOG_LENGTH_MAX = 10_000

/** Takes the write's place in the order of all control-plane writes. */
export async function beginChange(transaction: Transaction<Schema>): Promise<number> {
  const { sequence } = await transaction
    .updateTable('changeState')
    .set((eb) => ({ sequence: eb('sequence', '+', 1) }))
    .returning('sequence')
    .executeTakeFirstOrThrow()
  return sequence
}

export async function recordChange(
  transaction: Transaction<Schema>,
  sequence: number,
  appIds: ReadonlySet<AppId>,
): Promise<void> {
  const rows = [...appIds].map((appId) => ({ sequence, appId }))
  if (rows.length > 0) await transaction.insertInto('changeLog').values(rows).execute()
  const floor = sequence - CHANGE_LOG_LENGTH_MAX
  if (floor > 0) {
    await transaction.deleteFrom('changeLog').where('sequence', '<=', floor).execute()
    await transaction
      .updateTable('changeState')
      .set({ logFloor: floor })
      .where('logFloor', '<', floor)
      .execute()
  }
  await sql`select pg_notify(${CHANGES_CHANNEL}, ${String(sequence)})`.execute(transaction)
}
