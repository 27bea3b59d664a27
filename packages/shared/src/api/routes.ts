/**
 * Shapes of `/api/v1/admin/routes` and of the preview of one, `/api/v1/admin/routes:check`.
 *
 * @module
 */
import { z } from 'zod'
import { routeIdempotencySchema, writtenRouteIdempotencySchema } from './idempotency.ts'
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

const scriptOrHoleSchema = idSchema
  .nullable()
  .meta({ description: 'Null: a hole, which answers 404 where a broader route would fit too.' })
const hostPatternSchema = z.string().min(1).max(255).nullable()
const pathPatternSchema = z.string().min(1).max(1024)

export const routeSchema = z
  .object({
    id: idSchema,
    app_id: idSchema,
    script_id: scriptOrHoleSchema,
    method: z.enum(ROUTE_METHODS),
    host_pattern: z.string().nullable(),
    path_pattern: z.string(),
    enabled: z.boolean(),
    idempotency: routeIdempotencySchema.nullable().meta({
      description: 'What is done with requests that are sent again; null: they run again.',
    }),
    revision: revisionSchema,
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'Route' })
export type Route = z.infer<typeof routeSchema>
export const routeListSchema = listOf(routeSchema)

export const createRouteSchema = z.strictObject({
  app_id: idSchema,
  script_id: scriptOrHoleSchema,
  method: z.enum(ROUTE_METHODS).default('*'),
  host_pattern: hostPatternSchema.default(null),
  path_pattern: pathPatternSchema,
  enabled: z.boolean().default(true),
  idempotency: writtenRouteIdempotencySchema.nullable().default(null),
})
export type CreateRoute = z.input<typeof createRouteSchema>
/** The same with its defaults filled in. */
export type NewRoute = z.output<typeof createRouteSchema>

/** What is left out stays as it is. */
export const updateRouteSchema = z.strictObject({
  script_id: scriptOrHoleSchema.optional(),
  method: z.enum(ROUTE_METHODS).optional(),
  host_pattern: hostPatternSchema.optional(),
  path_pattern: pathPatternSchema.optional(),
  enabled: z.boolean().optional(),
  idempotency: writtenRouteIdempotencySchema.nullable().optional(),
})
export type UpdateRoute = z.infer<typeof updateRouteSchema>

export const routeQuerySchema = listQuerySchema.extend({ app: appReferenceSchema.optional() })

/** A route that is thought about; `route_id` is the one being changed, which meets not itself. */
export const checkRouteSchema = z.strictObject({
  app_id: idSchema,
  method: z.enum(ROUTE_METHODS).default('*'),
  host_pattern: hostPatternSchema.default(null),
  path_pattern: pathPatternSchema,
  route_id: idSchema.optional(),
})
export type CheckRoute = z.output<typeof checkRouteSchema>

const routeOverlapSchema = z.object({
  route: routeSchema,
  /** `all`: the less specific one of the two is never reached. */
  extent: z.enum(['all', 'part']),
})

export const routeCheckSchema = z
  .object({
    /** Whether the route would be taken as it is. */
    acceptable: z.boolean(),
    /** In normal form. */
    method: z.enum(ROUTE_METHODS),
    host_pattern: z.string().nullable(),
    path_pattern: z.string(),
    /** Claims of the app under whose hosts it would answer. */
    claims: z.array(z.object({ id: idSchema, pattern: z.string() })),
    /** What the script would be given as `request.params`. */
    captures: z.array(z.object({ name: z.string(), source: z.enum(['claim', 'host', 'path']) })),
    /** Why it would be refused. */
    problems: z.array(z.object({ code: z.string(), pointer: z.string(), message: z.string() })),
    /** What it is well to know, though it would be taken. */
    warnings: z.array(z.string()),
    conflicts: z.array(routeSchema),
    /** More specific routes that take requests it would match. */
    shadowed_by: z.array(routeOverlapSchema),
    /** Less specific routes it would take requests from. */
    shadows: z.array(routeOverlapSchema),
  })
  .meta({ id: 'RouteCheck' })
export type RouteCheck = z.infer<typeof routeCheckSchema>
