/**
 * Follows executions as they are recorded, across lost connections.
 *
 * The server holds each request until something is recorded, so following costs nothing while
 * nothing happens. Every answer carries the cursor to go on from, so nothing is missed or shown
 * twice, also after the server was away.
 *
 * @module
 */

import { setTimeout as wait } from 'node:timers/promises'
import type { ApiClient, CallOptions } from '@picloud/api-client'
import { type Execution, LIST_LIMIT_MAX } from '@picloud/shared'
import { ApiError } from '../client/api-error.ts'
import {
  FOLLOW_WAIT_MS,
  RECONNECT_FIRST_MS,
  RECONNECT_LAST_MS,
  REQUEST_DEADLINE_MS,
} from '../client/limits.ts'
import { ServerUnreachableError } from '../errors.ts'

export interface Followed {
  readonly filter: NonNullable<CallOptions<'listExecutions'>['query']>
  /** The position after which to begin. */
  readonly cursor: string
  onExecutions(executions: readonly Execution[]): void
  /** Called for each attempt that fails. */
  onLost(reason: string): void
  onFound(): void
}

/** Goes on until the program is ended or the server refuses for good. */
export async function followExecutions(api: ApiClient, followed: Followed): Promise<never> {
  let cursor = followed.cursor
  const deadlineMs = REQUEST_DEADLINE_MS + FOLLOW_WAIT_MS
  let waitMs = 0
  for (;;) {
    try {
      const position = { after: cursor, wait_ms: FOLLOW_WAIT_MS, limit: LIST_LIMIT_MAX }
      const query = { ...followed.filter, ...position }
      const page = await api.call('listExecutions', { query, deadlineMs })
      if (waitMs > 0) followed.onFound()
      waitMs = 0
      cursor = page.next_cursor ?? cursor
      if (page.items.length > 0) followed.onExecutions(page.items)
    } catch (error) {
      if (!passes(error)) throw error
      waitMs = Math.min(waitMs === 0 ? RECONNECT_FIRST_MS : waitMs * 2, RECONNECT_LAST_MS)
      followed.onLost(error.message)
      await wait(waitMs)
    }
  }
}

/** Whether trying again may help: nobody answered, or somebody asked for patience. */
function passes(error: unknown): error is Error {
  if (error instanceof ServerUnreachableError) return true
  return error instanceof ApiError && (error.status === 429 || error.status >= 502)
}
