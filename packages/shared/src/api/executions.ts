/**
 * Shapes of `/api/v1/admin/executions`: what ran, how it ended, what it logged.
 *
 * @module
 */
import { z } from 'zod'
import { appReferenceSchema, idSchema, listOf, listQuerySchema, timeSchema } from './primitives.ts'

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

export const executionSchema = z
  .object({
    id: idSchema,
    app_id: idSchema,
    script_id: idSchema,
    script_name: z.string(),
    version: z.int(),
    route_id: idSchema.nullable(),
    trigger: z.enum(['http', 'execute', 'schedule', 'queue', 'test']),
    /** `ok`: the script answered (whatever the HTTP status); `error`: it did not. */
    outcome: z.enum(['ok', 'error']),
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
  })
  .meta({ id: 'Execution' })
export type Execution = z.infer<typeof executionSchema>
export const executionListSchema = listOf(executionSchema)

export const executionQuerySchema = listQuerySchema
  .extend({
    app: appReferenceSchema.optional(),
    /** Id or name (a name needs `app`). */
    script: z.string().max(100).optional(),
    outcome: z.enum(['ok', 'error']).optional(),
    /**
     * Only those that were recorded after this cursor, oldest first; with `wait_ms` the answer is
     * held until there is one. This is how a log is followed: `latest` answers with the cursor of
     * now, and each answer's `next_cursor` is the next question's `after`.
     */
    after: z.string().max(512).optional(),
    wait_ms: z.coerce.number().int().min(0).max(30_000).default(0),
  })
  .refine((query) => query.after === undefined || query.cursor === undefined, {
    path: ['cursor'],
    message: 'A list is paged back with cursor or followed with after, not both.',
  })
export type ExecutionQuery = z.output<typeof executionQuerySchema>
