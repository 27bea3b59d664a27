/**
 * Shapes of `/api/v1/admin/tokens`: what programs prove themselves with.
 *
 * The token's text is in the answer to its creation and nowhere else; PiCloud keeps its hash only.
 *
 * @module
 */
import { z } from 'zod'
import { displayNameSchema, idSchema, listOf, timeSchema } from './primitives.ts'

/**
 * What a token may be used for. `admin`: everything. `read`: what only reads. `execute`: running
 * scripts by their id, and nothing else.
 */
export const TOKEN_SCOPES = ['admin', 'execute', 'read'] as const
export type TokenScope = (typeof TOKEN_SCOPES)[number]
const scopesSchema = z
  .array(z.enum(TOKEN_SCOPES))
  .min(1)
  .max(TOKEN_SCOPES.length)
  .refine((scopes) => new Set(scopes).size === scopes.length, 'Name each scope once.')

export const tokenSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    scopes: scopesSchema,
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
  scopes: scopesSchema.default(['admin']),
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
