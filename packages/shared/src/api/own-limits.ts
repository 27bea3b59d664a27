/**
 * Shapes of the limits that apps and scripts set for themselves, and of what holds for them.
 *
 * Their range is the table's; the operator's ceilings are a rule of the manager.
 *
 * @module
 */
import { z } from 'zod'
import { LIMITS } from '../limits.ts'
import { OWN_LIMIT_NAMES, type OwnLimitKey, ownLimitKey } from '../own-limits.ts'

type NumberSchema = z.ZodOptional<z.ZodInt>

const OWN_LIMITS = Object.fromEntries(
  OWN_LIMIT_NAMES.map((name) => {
    const { min, max, unit, reason } = LIMITS[name]
    const schema = z
      .int()
      .min(min)
      .max(max)
      .meta({ description: `In ${unit}. ${reason}` })
    return [ownLimitKey(name), schema.optional()]
  }),
) as unknown as Record<OwnLimitKey, NumberSchema>

const OWN_LIMIT_CHANGES = Object.fromEntries(
  Object.entries(OWN_LIMITS).map(([key, schema]) => [key, schema.unwrap().nullable().optional()]),
) as unknown as Record<OwnLimitKey, z.ZodOptional<z.ZodNullable<z.ZodInt>>>

/** Only what was set. */
export const ownLimitsSchema = z.object(OWN_LIMITS).meta({
  id: 'OwnLimits',
  description: "Only what was set; for the others holds the app's or the operator's value.",
})

/** The members to change; null takes one back; the others stay. */
export const ownLimitsChangeSchema = z.strictObject(OWN_LIMIT_CHANGES).meta({
  id: 'OwnLimitsChange',
  description: 'The limits to change; null takes back what was set; the others stay.',
})
export type OwnLimitsChange = z.infer<typeof ownLimitsChangeSchema>

/** The whole of them, as a manifest writes them. */
export const writtenOwnLimitsSchema = z.strictObject(OWN_LIMITS).meta({ id: 'WrittenOwnLimits' })

export const LIMIT_SOURCES = ['app', 'operator', 'ceiling'] as const

export const heldLimitSchema = z.object({
  /** As it is set: `operations`. */
  name: z.string(),
  unit: z.string(),
  /** What holds. */
  value: z.int(),
  source: z.enum(LIMIT_SOURCES).meta({
    description:
      'Who said so: the app, the operator; ceiling: more was set than the operator allows now.',
  }),
  /** What was set here; null: nothing. */
  own: z.int().nullable(),
  /** The operator's value for those that say nothing. */
  default: z.int(),
  /** The most that may be set. */
  ceiling: z.int(),
  /** Environment variables of the operator. */
  setting: z.string(),
  ceiling_setting: z.string(),
})
export type HeldLimit = z.infer<typeof heldLimitSchema>

export const heldLimitsSchema = z
  .object({ items: z.array(heldLimitSchema) })
  .meta({ id: 'HeldLimits' })
export type HeldLimits = z.infer<typeof heldLimitsSchema>
