/**
 * Shapes of `/api/v1/admin/scripts`. Every save makes a new immutable version.
 *
 * @module
 */
import { z } from 'zod'
import {
  appReferenceSchema,
  idSchema,
  listOf,
  listQuerySchema,
  revisionSchema,
  SCRIPT_NAME_LENGTH_MAX,
  scriptNameSchema,
  sourceSchema,
  timeSchema,
} from './primitives.ts'

export const scriptSchema = z
  .object({
    id: idSchema,
    app_id: idSchema,
    name: scriptNameSchema,
    /** Number of the active version; the first is 1. */
    version: z.int(),
    version_id: idSchema,
    source: z.string(),
    revision: revisionSchema,
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'Script' })
export type Script = z.infer<typeof scriptSchema>

/** Lists leave the source out. */
export const scriptSummarySchema = scriptSchema.omit({ source: true }).meta({ id: 'ScriptSummary' })
export type ScriptSummary = z.infer<typeof scriptSummarySchema>
export const scriptListSchema = listOf(scriptSummarySchema)

export const createScriptSchema = z.strictObject({
  app_id: idSchema,
  name: scriptNameSchema,
  source: sourceSchema,
})
export type CreateScript = z.infer<typeof createScriptSchema>

export const updateScriptSchema = z.strictObject({ source: sourceSchema })
export type UpdateScript = z.infer<typeof updateScriptSchema>

export const scriptQuerySchema = listQuerySchema
  .extend({
    app: appReferenceSchema.optional(),
    /** Only the script of exactly this name; needs `app`. */
    name: z.string().max(SCRIPT_NAME_LENGTH_MAX).optional(),
  })
  .refine((query) => query.name === undefined || query.app !== undefined, {
    path: ['name'],
    message: 'Names are unique within an app only: say which with app.',
  })
