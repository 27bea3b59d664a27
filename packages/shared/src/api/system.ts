/**
 * Shapes of the endpoints about PiCloud itself: health and version.
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
