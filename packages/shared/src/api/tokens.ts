/**
 * Shapes of `/api/v1/admin/tokens`: what programs prove themselves with.
 *
 * The token's text is in the answer to its creation and nowhere else; PiCloud keeps its hash only.
 *
 * @module
 */
import { z } from 'zod'
import { displayNameSchema, idSchema, listOf, timeSchema } from './primitives.ts'

export const tokenSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    created_at: timeSchema,
    /** Null: it works until it is deleted. */
    expires_at: timeSchema.nullable(),
    /** Null: never. Kept to the minute, so that a busy client costs no write per request. */
    last_used_at: timeSchema.nullable(),
  })
  .meta({ id: 'Token' })
export type Token = z.infer<typeof tokenSchema>
export const tokenListSchema = listOf(tokenSchema)

export const createTokenSchema = z.strictObject({
  name: displayNameSchema,
  expires_at: timeSchema
    .refine((time) => Date.parse(time) > Date.now(), 'Must be in the future.')
    .nullable()
    .default(null),
})
export type CreateToken = z.input<typeof createTokenSchema>

export const createdTokenSchema = tokenSchema.extend({ token: z.string() }).meta({
  id: 'CreatedToken',
  description: 'The only answer that holds the text of the token.',
})
export type CreatedToken = z.infer<typeof createdTokenSchema>
