/**
 * Shapes of `/api/v1/admin/executions`: what ran, how it ended, what it logged, and the sums of it.
 *
 * @module
 */
import { z } from 'zod'
import {
  appReferenceSchema,
  idSchema,
  isStorableText,
  listOf,
  listQuerySchema,
  timeSchema,
} from './primitives.ts'

export const logLineSchema = z.object({
  at: timeSchema,
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: z.string(),
  fields: z.record(z.string(), z.unknown()).optional(),
})

export const executionErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  kind: z.string().nullable(),
  line: z.int().nullable(),
  column: z.int().nullable(),
})

export const TRIGGERS = ['http', 'execute', 'schedule', 'queue', 'test', 'call'] as const
export const OUTCOMES = ['ok', 'error'] as const

export const executionSchema = z
  .object({
    id: idSchema,
    app_id: idSchema,
    script_id: idSchema,
    script_name: z.string(),
    version: z.int(),
    route_id: idSchema.nullable(),
    trigger: z.enum(TRIGGERS),
    /** `ok`: the script answered (whatever the HTTP status); `error`: it did not. */
    outcome: z.enum(OUTCOMES),
    method: z.string().nullable(),
    path: z.string().nullable(),
    /** HTTP status the client got. */
    status: z.int(),
    started_at: timeSchema,
    duration_ms: z.number(),
    operations: z.int(),
    logs: z.array(logLineSchema),
    logs_dropped: z.int(),
    error: executionErrorSchema.nullable(),
    /** The execution that called this one; null for all that a script did not call. */
    parent_id: idSchema.nullable(),
  })
  .meta({ id: 'Execution' })
export type Execution = z.infer<typeof executionSchema>
export const executionListSchema = listOf(executionSchema)

const SEARCH_LENGTH_MAX = 200
const momentSchema = z.iso.datetime({ offset: true })

/** What a list and a stream can be narrowed to; all that is given must hold. */
const executionFilter = {
  app: appReferenceSchema.optional(),
  /** Id or name (a name needs `app`). */
  script: z.string().max(100).optional(),
  route: idSchema.optional(),
  outcome: z.enum(OUTCOMES).optional(),
  trigger: z.enum(TRIGGERS).optional(),
  parent: idSchema.optional().describe('Called by this execution.'),
  status: z
    .string()
    .regex(/^(?:[1-5]\d\d|[1-5]xx)$/, 'A status such as 404, or a class such as 5xx.')
    .optional()
    .describe('A status such as 404, or a class such as 5xx.'),
  q: z
    .string()
    .min(1)
    .max(SEARCH_LENGTH_MAX)
    .refine(isStorableText, 'Must be Unicode text without the NUL character.')
    .optional()
    .describe('Text in the path, a log line or the error message.'),
  since: momentSchema.optional().describe('Started at this moment or later.'),
  until: momentSchema.optional().describe('Started before this moment.'),
}

export const executionQuerySchema = listQuerySchema.extend({
  ...executionFilter,
  order: z
    .enum(['newest', 'oldest'])
    .default('newest')
    .describe('By the time of recording. A page may be short though more follows.'),
})
export type ExecutionQuery = z.output<typeof executionQuerySchema>

/** Records a stream can begin with. */
export const STREAM_TAIL_MAX = 200

export const executionStreamQuerySchema = z.strictObject({
  ...executionFilter,
  tail: z.coerce
    .number()
    .int()
    .min(0)
    .max(STREAM_TAIL_MAX)
    .default(0)
    .describe('Newest records to begin with. Not after Last-Event-ID.'),
})
export type ExecutionStreamQuery = z.output<typeof executionStreamQuerySchema>

/** Buckets of one answer: more than a chart has pixels for is no use. */
export const STATISTICS_BUCKETS_MAX = 1_000

/** Of one app: what all apps together do is too much to look at for one question. */
export const executionStatisticsQuerySchema = z.strictObject({
  app: appReferenceSchema,
  script: z.string().max(100).optional(),
  route: idSchema.optional(),
  since: momentSchema.optional().describe('Default: 24 hours before until.'),
  until: momentSchema.optional().describe('Default: now.'),
  step: z.coerce
    .number()
    .int()
    .min(1)
    .max(366 * 24 * 3600)
    .optional()
    .describe('Seconds of a bucket. Default: a round number that makes at most 60 of them.'),
})
export type ExecutionStatisticsQuery = z.output<typeof executionStatisticsQuerySchema>

const sums = {
  count: z.int(),
  /** Executions whose outcome is `error`. */
  errors: z.int(),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
  p99_ms: z.number().nullable(),
  operations: z.number(),
}

export const executionStatisticsSchema = z
  .object({
    since: timeSchema,
    until: timeSchema,
    step: z.int(),
    total: z.object({
      ...sums,
      /** From 0 to 1; 0 when nothing ran. */
      error_rate: z.number(),
    }),
    buckets: z.array(z.object({ at: timeSchema, ...sums })),
  })
  .meta({ id: 'ExecutionStatistics' })
export type ExecutionStatisticsAnswer = z.infer<typeof executionStatisticsSchema>

/** `data` of the last event of a stream, when the server ends it. */
export const streamEndSchema = z.object({ reason: z.enum(['stopping', 'slow', 'failed']) })
