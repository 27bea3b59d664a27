/**
 * Shapes of the endpoints about PiCloud itself: health, version and first set-up.
 *
 * @module
 */
import { z } from 'zod'

export const versionSchema = z
  .object({
    product: z.string(),
    api: z.string(),
    schema: z.int(),
  })
  .meta({ id: 'Version' })
export type Version = z.infer<typeof versionSchema>

export const healthSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Health' })
export type Health = z.infer<typeof healthSchema>

/** The one-time token of the set-up link, exchanged for an admin token shown once. */
export const setupSchema = z.strictObject({ setup_token: z.string().min(1).max(200) })
export const setupResultSchema = z.object({ token: z.string() }).meta({ id: 'SetupResult' })
export type SetupResult = z.infer<typeof setupResultSchema>
