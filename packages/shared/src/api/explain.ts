/**
 * Shapes of `/api/v1/admin/explain`: how a request would be placed, and why.
 *
 * @module
 */
import { z } from 'zod'
import { CLAIM_VERDICTS, EXPLAINED_OUTCOMES, ROUTE_VERDICTS } from '../explain-request.ts'
import { idSchema, slugSchema } from './primitives.ts'
import { routeSchema } from './routes.ts'

export const explainQuerySchema = z.strictObject({
  /** `https://shop.example.com/users/7`; the scheme may be left out. */
  url: z.string().min(1).max(8192),
  method: z
    .string()
    .regex(/^[A-Za-z-]{1,32}$/, 'Must be an HTTP method.')
    .default('GET'),
})

export const explanationSchema = z
  .object({
    method: z.string(),
    /** As it is compared: lower case, ASCII, without port and trailing dot. */
    host: z.string(),
    path: z.string(),
    outcome: z.enum(EXPLAINED_OUTCOMES),
    /** What PiCloud answers itself; null where a script or one of its own endpoints decides. */
    status: z.int().nullable(),
    reason: z.string(),
    app: z.object({ id: idSchema, slug: slugSchema }).nullable(),
    /** The route that answers, or the hole. */
    route_id: idSchema.nullable(),
    script_id: idSchema.nullable(),
    params: z.record(z.string(), z.string()),
    /** For `method_not_allowed` and `options`. */
    allow: z.array(z.string()),
    /** Every claim that fits the host; the most specific first. */
    claims: z.array(
      z.object({
        id: idSchema,
        pattern: z.string(),
        app: z.object({ id: idSchema, slug: slugSchema }),
        verdict: z.enum(CLAIM_VERDICTS),
        reason: z.string(),
      }),
    ),
    /** Every route of the app whose host and path fit; the most specific first. */
    routes: z.array(
      z.object({ route: routeSchema, verdict: z.enum(ROUTE_VERDICTS), reason: z.string() }),
    ),
  })
  .meta({ id: 'Explanation' })
export type ExplanationOfRequest = z.infer<typeof explanationSchema>
