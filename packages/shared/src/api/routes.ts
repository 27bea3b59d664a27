/**
 * Shapes of `/api/v1/admin/routes`.
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
  timeSchema,
} from './primitives.ts'

export const ROUTE_METHODS = [
  '*',
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
] as const

export const routeSchema = z
  .object({
    id: idSchema,
    app_id: idSchema,
    script_id: idSchema,
    method: z.enum(ROUTE_METHODS),
    host_pattern: z.string().nullable(),
    path_pattern: z.string(),
    enabled: z.boolean(),
    revision: revisionSchema,
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'Route' })
export type Route = z.infer<typeof routeSchema>
export const routeListSchema = listOf(routeSchema)

export const createRouteSchema = z.strictObject({
  app_id: idSchema,
  script_id: idSchema,
  method: z.enum(ROUTE_METHODS).default('*'),
  host_pattern: z.string().min(1).max(255).nullable().default(null),
  path_pattern: z.string().min(1).max(1024),
  enabled: z.boolean().default(true),
})
export type CreateRoute = z.input<typeof createRouteSchema>
/** The same with its defaults filled in. */
export type NewRoute = z.output<typeof createRouteSchema>

export const updateRouteSchema = z.strictObject({
  script_id: idSchema.optional(),
  enabled: z.boolean().optional(),
})
export type UpdateRoute = z.infer<typeof updateRouteSchema>

export const routeQuerySchema = listQuerySchema.extend({ app: appReferenceSchema.optional() })
