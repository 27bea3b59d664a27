/**
 * Shapes of `/api/v1/admin/apps` and of the domains an app claims.
 *
 * @module
 */
import { z } from 'zod'
import { idSchema, listOf, slugSchema, timeSchema } from './primitives.ts'

export const appSchema = z
  .object({
    id: idSchema,
    slug: slugSchema,
    name: z.string(),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'App' })
export type App = z.infer<typeof appSchema>
export const appListSchema = listOf(appSchema)

export const createAppSchema = z.strictObject({
  slug: slugSchema,
  name: z.string().min(1).max(100).optional(),
})
export type CreateApp = z.infer<typeof createAppSchema>

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
