/**
 * Shapes of `/api/v1/admin/apps/{app}/secrets`: what scripts must know and nobody else may see.
 *
 * A value goes in and never comes out again: no answer of the API has one.
 *
 * @module
 */
import { z } from 'zod'
import { idSchema, listOf, scriptNameSchema, timeSchema } from './primitives.ts'

export const SECRET_NAME_LENGTH_MAX = 64
/** What is shorter would be masked wherever it stands by chance, and is no secret for long. */
export const SECRET_VALUE_LENGTH_MIN = 4
/** In characters: private keys and the files of service accounts fit several times. */
export const SECRET_VALUE_LENGTH_MAX = 16_384
export const SECRETS_PER_APP_MAX = 100

const TOO_SHORT = `Must have ${SECRET_VALUE_LENGTH_MIN} characters besides the white space around them.`
const SECRET_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/

export const secretNameSchema = z
  .string()
  .min(1)
  .max(SECRET_NAME_LENGTH_MAX)
  .regex(
    SECRET_NAME,
    'Use letters, digits, underscores, dots and hyphens; do not begin with a dot or hyphen.',
  )
  .meta({ id: 'SecretName' })

/** Whether a secret can have this name. */
export function isSecretName(text: string): boolean {
  return text.length <= SECRET_NAME_LENGTH_MAX && SECRET_NAME.test(text)
}

export const secretSchema = z
  .object({
    name: secretNameSchema,
    created_at: timeSchema,
    /** When its value was last set. */
    updated_at: timeSchema,
    used_by: z
      .array(
        z.object({
          script_id: idSchema,
          name: scriptNameSchema,
          certain: z.boolean().meta({
            description:
              'Whether its active version names the secret. If not, it computes the name of some secret.',
          }),
        }),
      )
      .meta({ description: 'Scripts whose active version reads it or may do so.' }),
  })
  .meta({ id: 'Secret', description: 'A secret of an app, without its value.' })
export type Secret = z.infer<typeof secretSchema>
export const secretListSchema = listOf(secretSchema)

export const putSecretSchema = z.strictObject({
  value: z
    .string()
    .min(SECRET_VALUE_LENGTH_MIN, TOO_SHORT)
    .max(SECRET_VALUE_LENGTH_MAX)
    .refine((text) => text.isWellFormed(), 'Must be Unicode text.')
    .refine((text) => text.trim().length >= SECRET_VALUE_LENGTH_MIN, TOO_SHORT)
    .meta({ writeOnly: true }),
})
export type PutSecret = z.infer<typeof putSecretSchema>

export const rotateSecretsKeySchema = z.strictObject({
  forget_old_keys: z.boolean().default(false).meta({
    description:
      'Drop keys that no secret needs any more. Backups of the database made before then cannot be read.',
  }),
})
export type RotateSecretsKey = z.input<typeof rotateSecretsKeySchema>

export const rotatedSecretsKeySchema = z
  .object({
    key_id: z.string().meta({ description: 'Of the key that seals all secrets now.' }),
    is_new_key: z.boolean().meta({
      description: 'Not so where the key comes from PICLOUD_SECRETS_KEY, or a rotation went on.',
    }),
    resealed: z
      .int()
      .meta({ description: 'How many secrets, of all apps, another key had sealed.' }),
    old_key_ids: z.array(z.string()).meta({ description: 'Of the keys that are still kept.' }),
  })
  .meta({ id: 'RotatedSecretsKey' })
export type RotatedSecretsKey = z.infer<typeof rotatedSecretsKeySchema>
