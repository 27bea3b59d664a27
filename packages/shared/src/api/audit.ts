/**
 * Shapes of `/api/v1/admin/audit`: who changed what.
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

const snapshotSchema = z.record(z.string(), z.unknown()).nullable()

export const auditEntrySchema = z
  .object({
    id: idSchema,
    at: timeSchema,
    /** Without an id: the operator's token of the configuration, or nobody who proved anything. */
    actor: z.object({ kind: z.string(), id: idSchema.nullable(), name: z.string() }),
    /** Of the client. */
    address: z.string(),
    request_id: z.string(),
    /** `app.create`, `script.activate`. */
    action: z.string(),
    /** Named as it was then. Without an id: what was asked for is nobody's. */
    target: z.object({ type: z.string(), id: idSchema.nullable(), name: z.string() }),
    /** Null: the change belongs to no app. */
    app_id: idSchema.nullable(),
    /** What changed as it was before; null: it was not there. */
    before: snapshotSchema,
    /** Null: it is no more. */
    after: snapshotSchema,
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof auditEntrySchema>
export const auditListSchema = listOf(auditEntrySchema)

export const auditQuerySchema = listQuerySchema.extend({
  /** An app that is no more is named by its id. */
  app: appReferenceSchema.optional(),
  target_id: idSchema.optional(),
  action: z
    .string()
    .max(100)
    .regex(/^[a-z_]+\.[a-z_]+$/, 'Write it as resource.verb, such as app.create.')
    .optional(),
  /** An id, or a name or kind such as `admin` or `operator`. */
  actor: z.string().min(1).max(100).refine(isStorableText, 'Must be text.').optional(),
  since: timeSchema.optional(),
  /** Not included. */
  until: timeSchema.optional(),
})
export type AuditQuery = z.input<typeof auditQuerySchema>
