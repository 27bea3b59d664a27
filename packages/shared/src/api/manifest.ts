/**
 * Shapes of `/api/v1/admin/apps/{app}/manifest`, and of an app as one file.
 *
 * A manifest says all that an app is: what it does not list, the app does not have. Secrets,
 * execution records and former versions of scripts are no part of it.
 *
 * @module
 */
import { z } from 'zod'
import { appSchema, appSettingsChangeSchema, appSettingsSchema } from './apps.ts'
import { routeIdempotencySchema, writtenRouteIdempotencySchema } from './idempotency.ts'
import {
  displayNameSchema,
  newSlugSchema,
  scriptNameSchema,
  slugSchema,
  sourceSchema,
  timeSchema,
} from './primitives.ts'
import { ROUTE_METHODS } from './routes.ts'

const MIB = 1024 * 1024

/**
 * What one manifest can hold. All of it is compared, and stored, in one transaction that every
 * other change waits for.
 */
export const MANIFEST_SCRIPTS_MAX = 500
export const MANIFEST_ROUTES_MAX = 1_000
export const MANIFEST_DOMAINS_MAX = 200
/** All sources together, in UTF-8. */
export const MANIFEST_SOURCE_BYTES_MAX = 8 * MIB
/** Of a request that carries one: sources may need two bytes in JSON for each of theirs. */
export const MANIFEST_BODY_BYTES_MAX = 2 * MANIFEST_SOURCE_BYTES_MAX + 4 * MIB

const hostPatternSchema = z.string().min(1).max(255)
const pathPatternSchema = z.string().min(1).max(1024)
const scriptOrHoleSchema = scriptNameSchema.nullable().meta({
  description: 'Null: a hole, which answers 404 where a broader route would fit too.',
})

const manifestScriptSchema = z.strictObject({ name: scriptNameSchema, source: sourceSchema })

/** In canonical form: patterns in normal form, lists sorted, every member there. */
export const manifestSchema = z
  .object({
    name: z.string(),
    settings: appSettingsSchema,
    domains: z.array(z.string()),
    scripts: z.array(z.object({ name: scriptNameSchema, source: z.string() })),
    routes: z.array(
      z.object({
        method: z.enum(ROUTE_METHODS),
        host_pattern: z.string().nullable(),
        path_pattern: z.string(),
        script: scriptOrHoleSchema,
        enabled: z.boolean(),
        idempotency: routeIdempotencySchema.nullable(),
      }),
    ),
  })
  .meta({ id: 'Manifest' })
export type Manifest = z.infer<typeof manifestSchema>

/** The lists must be there: to leave one out would be to delete what the app has of it. */
export const writtenManifestSchema = z
  .strictObject({
    name: displayNameSchema.optional().meta({ description: 'Left out: the slug.' }),
    settings: appSettingsChangeSchema.optional().meta({
      description: 'What is left out has its default.',
    }),
    domains: z.array(hostPatternSchema).max(MANIFEST_DOMAINS_MAX),
    scripts: z.array(manifestScriptSchema).max(MANIFEST_SCRIPTS_MAX),
    routes: z
      .array(
        z.strictObject({
          method: z.enum(ROUTE_METHODS).optional(),
          host_pattern: hostPatternSchema.nullable().optional(),
          path_pattern: pathPatternSchema,
          script: scriptOrHoleSchema,
          enabled: z.boolean().optional(),
          idempotency: writtenRouteIdempotencySchema.nullable().optional(),
        }),
      )
      .max(MANIFEST_ROUTES_MAX),
  })
  .meta({ id: 'WrittenManifest' })
export type WrittenManifest = z.infer<typeof writtenManifestSchema>

export const applyManifestQuerySchema = z.strictObject({
  dry_run: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({ description: 'Do all of it, tell what it came to, and have nothing happen.' }),
})

/** Of a script's source. */
const manifestDiffSchema = z.object({
  lines_added: z.int(),
  lines_removed: z.int(),
  /** As of `diff -u`. */
  unified: z.string(),
  /** Whether `unified` is all of it; the rest is left out where there is too much. */
  is_complete: z.boolean(),
})

export const manifestChangeSchema = z
  .object({
    /** As the audit log has it: `script.create`, `route.delete`. */
    action: z.string(),
    target_type: z.string(),
    name: z.string(),
    /** What the audit log keeps of it, routes with the name of their script. */
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
    /** Null where no source changes. */
    diff: manifestDiffSchema.nullable(),
  })
  .meta({ id: 'ManifestChange' })
export type ManifestChange = z.infer<typeof manifestChangeSchema>

const tagSchema = z.string().meta({ description: 'ETag of a manifest, without the quotes.' })

export const appliedManifestSchema = z
  .object({
    /** False in a dry run, and where there was nothing to change. */
    applied: z.boolean(),
    /** Of the manifest before. */
    previous_etag: tagSchema,
    /** Of the manifest as it is now, or would be. */
    etag: tagSchema,
    /** In the order in which they are made. */
    changes: z.array(manifestChangeSchema),
  })
  .meta({ id: 'AppliedManifest' })
export type AppliedManifest = z.infer<typeof appliedManifestSchema>

export const EXPORT_FORMAT = 'picloud-app'
export const EXPORT_FORMAT_VERSION = 1

const exportHead = {
  format: z.literal(EXPORT_FORMAT),
  format_version: z.literal(EXPORT_FORMAT_VERSION),
  exported_at: timeSchema,
  slug: slugSchema,
}

export const appExportSchema = z
  .object({ ...exportHead, manifest: manifestSchema })
  .meta({ id: 'AppExport' })
export type AppExport = z.infer<typeof appExportSchema>

export const importAppSchema = z.strictObject({
  file: z.strictObject({ ...exportHead, manifest: writtenManifestSchema }),
  slug: newSlugSchema.optional().meta({ description: 'Left out: the slug in the file.' }),
  force: z.boolean().optional().meta({
    description: 'Take the slug although it leads to another app that had it before.',
  }),
  without_domains: z.boolean().optional().meta({
    description: 'Claim nothing; routes with a host pattern of their own are switched off.',
  }),
})
export type ImportApp = z.infer<typeof importAppSchema>

export const importedAppSchema = z
  .object({ app: appSchema, etag: tagSchema, changes: z.array(manifestChangeSchema) })
  .meta({ id: 'ImportedApp' })
export type ImportedApp = z.infer<typeof importedAppSchema>
