/**
 * Shapes of signing in: accounts, passwords, `/api/v1/sessions` and `/api/v1/setup`.
 *
 * A session's token is in a cookie that pages cannot read; no answer holds it.
 *
 * @module
 */
import { z } from 'zod'
import { displayNameSchema, idSchema, isStorableText, listOf, timeSchema } from './primitives.ts'

/** The account the set-up makes. */
export const FIRST_ADMIN_NAME = 'admin'

/** Length is what makes guessing hopeless; rules about kinds of characters do not (NIST 800-63B). */
export const PASSWORD_LENGTH_MIN = 10
/** In UTF-8: a hash need not be fed with more. */
export const PASSWORD_BYTES_MAX = 1024

const passwordTextSchema = z
  .string()
  .max(PASSWORD_BYTES_MAX)
  .refine(isStorableText, 'Must be Unicode text without the NUL character.')
  .refine(
    (text) => new TextEncoder().encode(text).length <= PASSWORD_BYTES_MAX,
    `Must be at most ${PASSWORD_BYTES_MAX} bytes.`,
  )

/** One to be set. One that is checked may be of any length: it is wrong, not malformed. */
export const newPasswordSchema = passwordTextSchema.refine(
  (text) => [...text].length >= PASSWORD_LENGTH_MIN,
  `Must have at least ${PASSWORD_LENGTH_MIN} characters.`,
)

export const adminSchema = z.object({ id: idSchema, name: z.string() }).meta({ id: 'Admin' })
export type Admin = z.infer<typeof adminSchema>

export const sessionSchema = z
  .object({
    id: idSchema,
    admin: adminSchema,
    created_at: timeSchema,
    /** It ends then, or earlier when it is not used. */
    expires_at: timeSchema,
    /** Kept to the minute. */
    last_used_at: timeSchema,
    /** Of the client that signed in. */
    address: z.string(),
    user_agent: z.string(),
    /** Whether the request that asks is of this session. */
    is_current: z.boolean(),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof sessionSchema>
export const sessionListSchema = listOf(sessionSchema)

export const signInSchema = z.strictObject({
  name: displayNameSchema.default(FIRST_ADMIN_NAME),
  password: passwordTextSchema.min(1),
})
export type SignIn = z.input<typeof signInSchema>

/** The one-time token of the set-up link, exchanged for the first account. */
export const setupSchema = z.strictObject({
  setup_token: z.string().min(1).max(200),
  password: newPasswordSchema,
  /** Whether to make an access token too, for a command line elsewhere. */
  with_token: z.boolean().default(false),
})
export type CompleteSetup = z.input<typeof setupSchema>

export const setupResultSchema = z
  .object({
    session: sessionSchema,
    /** Shown this once; null when none was asked for. */
    token: z.string().nullable(),
  })
  .meta({ id: 'SetupResult' })
export type SetupResult = z.infer<typeof setupResultSchema>

export const changePasswordSchema = z.strictObject({
  /** May be left out by the operator's token alone. */
  current_password: passwordTextSchema.min(1).optional(),
  new_password: newPasswordSchema,
})
export type ChangePassword = z.input<typeof changePasswordSchema>
