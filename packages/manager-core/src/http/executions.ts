/**
 * `/api/v1/admin/executions`. Rules live in `domain/executions.ts` and
 * `domain/execution-statistics.ts`.
 *
 * @module
 */
import {
  executionListSchema,
  executionQuerySchema,
  executionSchema,
  executionStatisticsQuerySchema,
  executionStatisticsSchema,
  executionStreamQuerySchema,
  streamEndSchema,
} from '@picloud/shared'
import { type Database, executionCursor, type FollowResult } from '@picloud/storage'
import { executionStatistics } from '../domain/execution-statistics.ts'
import type { Executions } from '../domain/executions.ts'
import { type Endpoint, endpoint, eventStream } from './endpoint.ts'
import type { StreamEvent } from './event-stream.ts'
import { executionOf } from './execution-answer.ts'
import { listAnswer } from './list-answer.ts'

export function executionEndpoints(
  database: Database,
  executions: Executions,
): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/admin/executions',
      guard: 'admin',
      id: 'listExecutions',
      summary: 'Executions in the order they were recorded, newest or oldest first',
      query: executionQuerySchema,
      result: executionListSchema,
      errors: [404, 422],
      handle: async ({ query }) => listAnswer(await executions.list(query), executionOf),
    }),
    eventStream({
      path: '/api/v1/admin/executions/stream',
      guard: 'admin',
      id: 'streamExecutions',
      summary: 'Executions as they are recorded, beginning with the newest if asked for',
      query: executionStreamQuerySchema,
      events: { execution: executionSchema, end: streamEndSchema },
      errors: [404, 422],
      handle: async ({ query, lastEventId, signal }) =>
        eventsOf(await executions.follow(query, { after: lastEventId, signal })),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/admin/executions/stats',
      guard: 'admin',
      id: 'executionStatistics',
      summary: 'Counts, failures, durations and operations over time',
      query: executionStatisticsQuerySchema,
      result: executionStatisticsSchema,
      errors: [404],
      handle: ({ query }) => executionStatistics(database, query),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/admin/executions/{execution_id}',
      guard: 'admin',
      id: 'getExecution',
      summary: 'One execution with its log lines and its error',
      result: executionSchema,
      errors: [404],
      handle: async ({ params }) => executionOf(await executions.get(params.execution_id)),
    }),
  ]
}

/** The id of an event is the position after it, so that a client goes on without a gap. */
async function* eventsOf(batches: AsyncIterable<FollowResult>): AsyncGenerator<StreamEvent> {
  for await (const { items, cursor } of batches) {
    for (const row of items) {
      yield { id: executionCursor(row), event: 'execution', data: executionOf(row) }
    }
    yield { id: cursor, event: null }
  }
}
