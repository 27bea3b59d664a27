/**
 * Shapes of `/api/v1/admin/apps` and of the domains an app claims.
 *
 * @module
 */
import { z } from 'zod'
import { isId } from '../ids.ts'
import {
  displayNameSchema,
  idSchema,
  listOf,
  revisionSchema,
  slugSchema,
  timeSchema,
} from './primitives.ts'

export const appSchema = z
  .object({
    id: idSchema,
    slug: slugSchema,
    name: z.string(),
    revision: revisionSchema,
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'App' })
export type App = z.infer<typeof appSchema>
export const appListSchema = listOf(appSchema)

export const createAppSchema = z.strictObject({
  /** Never in the form of an id, so that `{id_or_slug}` has one meaning. */
  slug: slugSchema.refine((slug) => !isId(slug), 'Must not have the form of an id.'),
  name: displayNameSchema.optional(),
})
export type CreateApp = z.infer<typeof createAppSchema>

/** What goes with an app when it is deleted. */
export const appContentsSchema = z
  .object({
    domains: z.int(),
    scripts: z.int(),
    routes: z.int(),
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
