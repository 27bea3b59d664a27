/**
 * Follows executions as they are recorded, across lost connections.
 *
 * The server sends each as it is recorded, so following costs nothing while nothing happens. Every
 * event carries the position after it, so nothing is missed or shown twice, also after the server
 * was away.
 *
 * @module
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Execution } from '@picloud/shared'
import { ApiError } from '../client/api-error.ts'
import type { Connection } from '../client/connection.ts'
import { readEvents } from '../client/event-stream.ts'
import { RECONNECT_FIRST_MS, RECONNECT_LAST_MS } from '../client/limits.ts'
import { ServerUnreachableError } from '../errors.ts'

const STREAM = '/api/v1/admin/executions/stream'

export interface Followed {
  readonly filter: Readonly<Record<string, string>>
  /** How many of the newest to begin with. */
  readonly tail: number
  /** The next one comes when this has ended. */
  onExecution(execution: Execution): void | Promise<void>
  /** Called for each attempt that fails. */
  onLost(reason: string): void
  onFound(): void
  /** Ends it; left out: the end of the program does. */
  readonly signal?: AbortSignal
}

/** Goes on until it is ended or the server refuses for good. */
export async function followExecutions(connection: Connection, followed: Followed): Promise<void> {
  const { signal } = followed
  const hasEnded = () => signal?.aborted === true
  let position: string | null = null
  let waitMs = 0
  const onPosition = (id: string): void => {
    position = id
    if (waitMs > 0) followed.onFound()
    waitMs = 0
  }
  while (!hasEnded()) {
    try {
      const query = { ...followed.filter, tail: String(followed.tail) }
      const request = { path: STREAM, query, lastEventId: position, onPosition, signal }
      let reason = 'The server ended the stream.'
      for await (const { name, data } of readEvents(connection, request)) {
        if (name === 'execution') await followed.onExecution(JSON.parse(data) as Execution)
        if (name === 'end') reason = `The server ended the stream: ${reasonIn(data)}.`
      }
      throw new ServerUnreachableError(reason)
    } catch (error) {
      if (hasEnded()) return
      if (!passes(error)) throw error
      waitMs = Math.min(waitMs === 0 ? RECONNECT_FIRST_MS : waitMs * 2, RECONNECT_LAST_MS)
      followed.onLost(error.message)
      // What ends the following ends the wait.
      await wait(waitMs, undefined, { signal }).catch(() => {})
    }
  }
}

function reasonIn(data: string): string {
  const { reason } = JSON.parse(data) as { readonly reason?: unknown }
  return String(reason)
}

/** Whether trying again may help: nobody answered, or somebody asked for patience. */
function passes(error: unknown): error is Error {
  if (error instanceof ServerUnreachableError) return true
  return error instanceof ApiError && (error.status === 429 || error.status >= 502)
}
