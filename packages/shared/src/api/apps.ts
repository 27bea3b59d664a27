/**
 * Shapes of `/api/v1/admin/apps` and of the domains an app claims.
 *
 * @module
 */
import { z } from 'zod'
import { LIMITS } from '../limits.ts'
import { corsSchema, writtenCorsSchema } from './cors.ts'
import { egressChangeSchema, egressSchema, servicesSchema } from './egress.ts'
import { ownLimitsChangeSchema, ownLimitsSchema } from './own-limits.ts'
import {
  appReferenceSchema,
  displayNameSchema,
  idSchema,
  isStorableText,
  listOf,
  listQuerySchema,
  newSlugSchema,
  revisionSchema,
  slugSchema,
  timeSchema,
} from './primitives.ts'

const RETENTION_DAYS_MAX = LIMITS.recordDaysMax.max

/** What an app decides for itself. */
export const appSettingsSchema = z
  .object({
    show_error_detail: z.boolean().meta({
      description: 'Whether callers see the message and position of an error no script caught.',
    }),
    retention_days: z.int().min(1).max(RETENTION_DAYS_MAX).nullable().meta({
      description: "How long execution records are kept; null: as the operator's setting says.",
    }),
    retention_bytes: z.int().min(1).nullable().meta({
      description: "How much of them is kept; null: as the operator's setting says.",
    }),
    record_sampling_percent: z
      .number()
      .min(0)
      .max(100)
      .nullable()
      .meta({
        description:
          "How many of a hundred successes are recorded; null: as the operator's setting says. " +
          'Errors always are.',
      }),
    cors: corsSchema.nullable().meta({
      description: 'Which pages of other origins may read answers; null: none.',
    }),
    server_timing: z.boolean().meta({
      description: 'Whether answers say in Server-Timing how long they took.',
    }),
    services: servicesSchema.nullable().meta({
      description: 'Host services its scripts can call; the others are not there. Null: all.',
    }),
    egress: egressSchema.nullable().meta({
      description: 'Where on the network its scripts may reach; null: every public address.',
    }),
    limits: ownLimitsSchema,
  })
  .meta({ id: 'AppSettings' })
export type AppSettings = z.infer<typeof appSettingsSchema>

export const DEFAULT_APP_SETTINGS: AppSettings = {
  show_error_detail: false,
  retention_days: null,
  retention_bytes: null,
  record_sampling_percent: null,
  cors: null,
  server_timing: false,
  services: null,
  egress: null,
  limits: {},
}

/** The members to change; the others stay. */
export const appSettingsChangeSchema = z
  .strictObject({
    ...appSettingsSchema.partial().shape,
    cors: writtenCorsSchema.nullable().optional().meta({
      description: 'Replaced whole; null: pages of other origins may read nothing.',
    }),
    egress: egressChangeSchema.nullable().optional().meta({
      description: 'The lists to change; null: every public address.',
    }),
    limits: ownLimitsChangeSchema.optional(),
  })
  .meta({ id: 'AppSettingsChange' })
export type AppSettingsChange = z.infer<typeof appSettingsChangeSchema>

export const appSchema = z
  .object({
    id: idSchema,
    slug: slugSchema,
    name: z.string(),
    settings: appSettingsSchema,
    revision: revisionSchema,
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'App' })
export type App = z.infer<typeof appSchema>
export const appListSchema = listOf(appSchema)

export const appQuerySchema = listQuerySchema.extend({
  q: z
    .string()
    .min(1)
    .max(100)
    .refine(isStorableText, 'Must be Unicode text without the NUL character.')
    .optional()
    .meta({ description: 'Only apps whose slug or name contains this, in any case.' }),
})

const forceSlugSchema = z.boolean().optional().meta({
  description: 'Take the slug although it leads to another app that had it before.',
})

export const createAppSchema = z.strictObject({
  slug: newSlugSchema,
  name: displayNameSchema.optional(),
  settings: appSettingsChangeSchema.optional(),
  force: forceSlugSchema,
})
export type CreateApp = z.infer<typeof createAppSchema>

export const updateAppSchema = z.strictObject({
  slug: newSlugSchema.optional(),
  name: displayNameSchema.optional(),
  settings: appSettingsChangeSchema.optional(),
  force: forceSlugSchema,
})
export type UpdateApp = z.infer<typeof updateAppSchema>

/** Not the slug's own rules: to tell which one is broken is what the check is for. */
const CHECKED_SLUG_LENGTH_MAX = 1_000

export const slugCheckQuerySchema = z.strictObject({
  slug: z.string().max(CHECKED_SLUG_LENGTH_MAX),
  app: appReferenceSchema.optional().meta({
    description: 'The app that would be renamed: a slug it had before needs no force.',
  }),
})

export const SLUG_STATUSES = ['available', 'invalid', 'reserved', 'in_use', 'historical'] as const

export const slugCheckSchema = z
  .object({
    /** As asked. */
    slug: z.string(),
    status: z.enum(SLUG_STATUSES),
    /** In words, for people. */
    message: z.string(),
    /** Who has the slug, or had it last; null where nobody has. */
    app: z.object({ id: idSchema, slug: slugSchema, name: z.string() }).nullable(),
    /** Whether that is the app that would be renamed. */
    own: z.boolean(),
    /** Whether the slug can be had, with `force` only. */
    needs_force: z.boolean(),
  })
  .meta({ id: 'SlugCheck' })
export type SlugCheck = z.infer<typeof slugCheckSchema>

/** How long nobody must have used a former slug before it counts as forgotten. */
export const FORMER_SLUG_QUIET_DAYS = 30

/** A slug the app had before, which leads to it still. */
export const formerSlugSchema = z
  .object({
    slug: slugSchema,
    retired_at: timeSchema,
    /** Requests that came with it since. */
    hits: z.int(),
    last_hit_at: timeSchema.nullable(),
    safe_to_release: z.boolean().meta({
      description: `Whether nobody used it for ${FORMER_SLUG_QUIET_DAYS} days.`,
    }),
    safe_to_release_at: timeSchema.meta({
      description: 'From when on it is safe, if nobody uses it until then.',
    }),
  })
  .meta({ id: 'FormerSlug' })
export type FormerSlug = z.infer<typeof formerSlugSchema>
export const formerSlugListSchema = listOf(formerSlugSchema)

/** What goes with an app when it is deleted. */
export const appContentsSchema = z
  .object({
    domains: z.int(),
    scripts: z.int(),
    routes: z.int(),
    secrets: z.int(),
    /** What scripts keep with `kv`, expired ones too. */
    kv_keys: z.int(),
    /** Counted up to 10 000. */
    executions: z.int(),
  })
  .meta({ id: 'AppContents' })
export type AppContents = z.infer<typeof appContentsSchema>

export const domainSchema = z
  .object({
    id: idSchema,
    app_id: idSchema,
    pattern: z.string(),
    shape_key: z.string(),
    created_at: timeSchema,
  })
  .meta({ id: 'Domain' })
export type Domain = z.infer<typeof domainSchema>
export const domainListSchema = listOf(domainSchema)

export const claimDomainSchema = z.strictObject({ pattern: z.string().min(1).max(255) })
export type ClaimDomain = z.infer<typeof claimDomainSchema>
