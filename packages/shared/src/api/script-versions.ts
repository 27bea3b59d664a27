/**
 * Shapes of `/api/v1/admin/scripts/{script_id}/versions` and what is done with versions.
 *
 * @module
 */
import { z } from 'zod'
import { idSchema, listOf, timeSchema } from './primitives.ts'
import { scriptDescriptionSchema } from './script-description.ts'

/** Versions count from 1; this is the highest the database can hold. */
const VERSION_MAX = 2_147_483_647
export const versionNumberSchema = z.int().min(1).max(VERSION_MAX)

export const scriptVersionSummarySchema = z
  .object({
    id: idSchema,
    script_id: idSchema,
    version: versionNumberSchema,
    is_active: z.boolean(),
    /** SHA-256 of the source in UTF-8, in hexadecimal. */
    sha256: z.string(),
    /** Length of the source in UTF-8. */
    bytes: z.int(),
    message: z.string().nullable(),
    /** Null for versions from before this was noted, and for what PiCloud made itself. */
    saved_by: z.string().nullable(),
    created_at: timeSchema,
  })
  .meta({ id: 'ScriptVersionSummary' })
export type ScriptVersionSummary = z.infer<typeof scriptVersionSummarySchema>
export const scriptVersionListSchema = listOf(scriptVersionSummarySchema)

export const scriptVersionSchema = scriptVersionSummarySchema
  .extend({
    source: z.string(),
    /** Null only for a source nested too deep to be described. */
    description: scriptDescriptionSchema.nullable(),
  })
  .meta({ id: 'ScriptVersion' })
export type ScriptVersion = z.infer<typeof scriptVersionSchema>

export const rollbackScriptSchema = z.strictObject({
  /** Left out: the version that was active before. */
  version: versionNumberSchema.optional(),
})
export type RollbackScript = z.infer<typeof rollbackScriptSchema>

export const scriptActivationSchema = z
  .object({
    version: versionNumberSchema,
    cause: z.enum(['save', 'activate', 'rollback']),
    activated_by: z.string().nullable(),
    activated_at: timeSchema,
    /** What each script it imports, by name, meant from then on, with what those import. */
    imports: z.array(z.object({ name: z.string(), version: versionNumberSchema })),
  })
  .meta({ id: 'ScriptActivation' })
export type ScriptActivation = z.infer<typeof scriptActivationSchema>
export const scriptActivationListSchema = listOf(scriptActivationSchema)

export const scriptImportsSchema = z
  .object({
    /** What the active version imports, with what that imports, as it was pinned. */
    imports: z.array(
      z.object({
        /** As scripts import it. */
        name: z.string(),
        script_id: idSchema,
        version: versionNumberSchema,
        /** Another than `version`: activating the importing script again would import it. */
        active_version: versionNumberSchema,
      }),
    ),
    /** Other scripts that import this one, and the version of it they do; 200 at most. */
    imported_by: z.array(
      z.object({ script_id: idSchema, name: z.string(), version: versionNumberSchema }),
    ),
  })
  .meta({ id: 'ScriptImports' })
export type ScriptImports = z.infer<typeof scriptImportsSchema>

export const diffQuerySchema = z.strictObject({
  /** Default: the version before `to`. 0 is the empty text before the first version. */
  from: z.coerce.number().int().min(0).max(VERSION_MAX).optional(),
  /** Default: the newest version. */
  to: z.coerce.number().int().min(1).max(VERSION_MAX).optional(),
})
export type DiffQuery = z.infer<typeof diffQuerySchema>

export const diffLineSchema = z
  .object({
    change: z.enum(['kept', 'removed', 'added']),
    text: z.string(),
    /** False for a last line that does not end with a line break. */
    has_line_break: z.boolean(),
  })
  .meta({ id: 'DiffLine' })

export const scriptDiffSchema = z
  .object({
    script_id: idSchema,
    from: z.int(),
    to: z.int(),
    lines_added: z.int(),
    lines_removed: z.int(),
    /** As `diff -u` writes it; empty when the two are equal. */
    unified: z.string(),
    hunks: z.array(
      z.object({
        /** Counts from 1. */
        from_line: z.int(),
        from_lines: z.int(),
        to_line: z.int(),
        to_lines: z.int(),
        lines: z.array(diffLineSchema),
      }),
    ),
    /** False where so much changed that lines were not matched one by one. */
    is_minimal: z.boolean(),
  })
  .meta({ id: 'ScriptDiff' })
export type ScriptDiff = z.infer<typeof scriptDiffSchema>
export type DiffLine = z.infer<typeof diffLineSchema>
