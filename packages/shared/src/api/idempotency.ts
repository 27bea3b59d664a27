/**
 * The shape of a route's switch `idempotency`: requests that are sent again are answered again, and
 * run nothing a second time.
 *
 * @module
 */
import { z } from 'zod'

export const IDEMPOTENCY_HEADER = 'Idempotency-Key'

/** What these say has a meaning of its own, or is not for scripts to see. */
const NOT_A_KEY =
  /^(?:x-picloud-.*|content-.*|transfer-encoding|connection|host|cookie|authorization|expect|upgrade|te|trailer)$/i

const headerSchema = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9-]+$/, 'Must be the name of a header: letters, digits and hyphens.')
  .refine((name) => !NOT_A_KEY.test(name), 'Must be a header that has no other meaning.')
  .meta({ description: 'Which header of a request has the key.' })

const requiredSchema = z.boolean().meta({
  description: 'Whether a request without a key is refused. If not, it runs as without the switch.',
})

export const routeIdempotencySchema = z
  .object({ header: headerSchema, required: requiredSchema })
  .meta({ id: 'RouteIdempotency' })
export type RouteIdempotency = z.infer<typeof routeIdempotencySchema>

/** What is left out has its default. */
export const writtenRouteIdempotencySchema = z
  .strictObject({
    header: headerSchema.default(IDEMPOTENCY_HEADER),
    required: requiredSchema.default(false),
  })
  .meta({ id: 'WrittenRouteIdempotency' })
