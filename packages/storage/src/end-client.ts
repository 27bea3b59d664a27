/**
 * Ends a single connection for good, whatever state it is in.
 *
 * @module
 */
import type pg from 'pg'
import { CLOSE_DEADLINE_MS } from './timeouts.ts'
import { withinDeadline } from './within-deadline.ts'

/** Says goodbye; when the server does not react in time, or the connection is broken, cuts it. */
export async function endClient(client: pg.Client): Promise<void> {
  const ended = await withinDeadline(client.end(), CLOSE_DEADLINE_MS).catch(() => false)
  if (!ended) client.connection.stream.destroy()
}
