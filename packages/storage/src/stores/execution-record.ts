/**
 * An execution record as it is given to storage and as it comes back, and what one can ask for.
 *
 * @module
 */
import type { AppId, ExecutionId, LogLine, RouteId, ScriptId, Trigger } from '@picloud/shared'
import { encodeSequenceCursor, type PageRequest } from '../page.ts'
import type { StoredExecutionError } from '../schema.ts'

export interface NewExecution {
  readonly id: ExecutionId
  readonly appId: AppId
  readonly scriptId: ScriptId
  readonly version: number
  readonly routeId: RouteId | null
  readonly trigger: Trigger
  readonly outcome: 'ok' | 'error'
  readonly method: string | null
  readonly path: string | null
  readonly status: number
  readonly startedAt: Date
  readonly durationMs: number
  readonly operations: number
  readonly logs: readonly LogLine[]
  readonly logsDropped: number
  readonly error: StoredExecutionError | null
  /** The execution that called this one, where one did. */
  readonly parentId?: ExecutionId | null
}

export interface ExecutionRow extends NewExecution {
  /** In the order of recording. */
  readonly sequence: number
  readonly scriptName: string
}

/** All that is given must hold. */
export interface ExecutionFilter {
  readonly appId?: AppId | undefined
  readonly scriptId?: ScriptId | undefined
  readonly routeId?: RouteId | undefined
  readonly outcome?: 'ok' | 'error' | undefined
  readonly trigger?: Trigger | undefined
  /** Called by this execution. */
  readonly parentId?: ExecutionId | undefined
  /** Both ends belong to it. */
  readonly status?: { readonly from: number; readonly to: number } | undefined
  /** Started at this moment or later. */
  readonly since?: Date | undefined
  /** Started before this moment. */
  readonly until?: Date | undefined
  /** In the path, a log line or the error message; upper and lower case are one. */
  readonly text?: string | undefined
}

export interface ExecutionListRequest extends ExecutionFilter, PageRequest {
  /** By the time of recording; `newest` first unless given. */
  readonly order?: 'newest' | 'oldest' | undefined
}

export interface FollowRequest extends ExecutionFilter {
  /** From an earlier answer, `latestCursor` or `executionCursor`. */
  readonly after: string
  readonly limit: number
}

export interface FollowResult {
  /** Oldest first. */
  readonly items: readonly ExecutionRow[]
  /** Go on from here; it moves past records that the filter left out. */
  readonly cursor: string
}

/** The cursor that follows right after a record. */
export function executionCursor(row: Pick<ExecutionRow, 'sequence'>): string {
  return encodeSequenceCursor(row.sequence)
}
