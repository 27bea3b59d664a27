/**
 * Shapes of `/api/v1/admin/scripts`. Every source saved is an immutable version.
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
  revisionSchema,
  SCRIPT_NAME_LENGTH_MAX,
  scriptNameSchema,
  sourceSchema,
  timeSchema,
} from './primitives.ts'

export const VERSION_MESSAGE_LENGTH_MAX = 500
/** What a person says about a version, as of a commit. */
const versionMessageSchema = z
  .string()
  .min(1)
  .max(VERSION_MESSAGE_LENGTH_MAX)
  .refine(isStorableText, 'Must be Unicode text without the NUL character.')

export const scriptSchema = z
  .object({
    id: idSchema,
    app_id: idSchema,
    name: scriptNameSchema,
    /** Number of the active version; the first is 1. */
    version: z.int(),
    /** Number of the newest version, which need not be active. */
    latest_version: z.int(),
    version_id: idSchema,
    services: z.array(z.string()).meta({
      description: 'Host services that the active version names. With eval it may call others.',
    }),
    missing_services: z.array(z.string()).meta({
      description: 'Those among them that its app is not granted: calls of them fail.',
    }),
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
  message: versionMessageSchema.optional(),
})
export type CreateScript = z.infer<typeof createScriptSchema>

export const saveScriptSchema = z.strictObject({
  source: sourceSchema,
  /** If not, the version is stored, and what is active stays active. */
  activate: z.boolean().default(true),
  message: versionMessageSchema.optional(),
})
export type SaveScript = z.output<typeof saveScriptSchema>

export const savedScriptSchema = scriptSchema
  .extend({
    /** The version that has the source; no new one if the active or the newest one had it. */
    saved: z.object({ version: z.int(), is_new: z.boolean() }),
  })
  .meta({ id: 'SavedScript' })
export type SavedScript = z.infer<typeof savedScriptSchema>

export const renameScriptSchema = z.strictObject({ name: scriptNameSchema })
export type RenameScript = z.infer<typeof renameScriptSchema>

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
