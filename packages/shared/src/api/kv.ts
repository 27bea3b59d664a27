/**
 * Shapes of `/api/v1/admin/apps/{app}/kv`: what scripts keep, as JSON.
 *
 * Values are as `value-bytes/value-json.ts` has them.
 *
 * @module
 */
import { z } from 'zod'
import { isStorableText, LIST_LIMIT_MAX, listOf } from './primitives.ts'

export const KV_KEY_LENGTH_MAX = 2_048
const TTL_MS_MAX = 100 * 365 * 24 * 60 * 60 * 1000

const keySchema = z
  .string()
  .min(1)
  .max(KV_KEY_LENGTH_MAX)
  .refine(isStorableText, 'Must be Unicode text without the NUL character.')

const prefixSchema = z
  .string()
  .max(KV_KEY_LENGTH_MAX)
  .refine(isStorableText, 'Must be Unicode text without the NUL character.')

/** How a value of a script is written as JSON, see above. */
export const kvValueSchema = z.unknown().meta({
  id: 'KvValue',
  description:
    'Any data. A whole number is an INT; what JSON has no form for is a map of one entry: ' +
    '`$int`, `$float`, `$char`, `$blob` (base64) or `$map`.',
})

export const kvKeySchema = z
  .object({
    key: z.string(),
    /** Of key and value. */
    bytes: z.int(),
  })
  .meta({ id: 'KvKey' })
export const kvKeyListSchema = listOf(kvKeySchema)

export const kvEntrySchema = z
  .object({
    key: z.string(),
    value: kvValueSchema,
    ttl_ms: z.int().nullable().meta({ description: 'Milliseconds it has left; null: no end.' }),
  })
  .meta({ id: 'KvEntry' })
export type KvEntryAnswer = z.infer<typeof kvEntrySchema>

export const kvListQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LIST_LIMIT_MAX).default(50),
  /** The last key of the page before. */
  cursor: prefixSchema.optional(),
  prefix: prefixSchema.default(''),
})

export const kvKeyQuerySchema = z.strictObject({ key: keySchema })

export const putKvEntrySchema = z
  .strictObject({
    value: kvValueSchema,
    ttl_ms: z.int().min(1).max(TTL_MS_MAX).nullable().default(null),
  })
  .meta({ id: 'PutKvEntry' })
