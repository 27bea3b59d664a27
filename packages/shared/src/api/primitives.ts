/**
 * The pieces every API shape is made of: ids, times, lists, slugs and names.
 *
 * JSON members are snake_case, ids are UUIDs, times are RFC 3339 in UTC. A resource is the object
 * itself; a list is `{ items, next_cursor }`.
 *
 * @module
 */
import { z } from 'zod'
import { isSlugForm, judgeSlug, SLUG_FORM, SLUG_FORM_IN_WORDS, SLUG_LENGTH_MAX } from '../slug.ts'

export const idSchema = z.uuid().meta({ id: 'Id', description: 'UUID of a stored thing.' })
export const timeSchema = z.iso.datetime().meta({ id: 'Time', description: 'RFC 3339, UTC.' })

/** The slug an app has, or had. */
export const slugSchema = z
  .string()
  .min(1)
  .max(SLUG_LENGTH_MAX)
  .regex(SLUG_FORM, SLUG_FORM_IN_WORDS)
  .meta({ id: 'Slug' })

/** A slug an app is to be given: all rules of `slug.ts`. */
export const newSlugSchema = slugSchema.superRefine((text, context) => {
  // What has not the form was told of already.
  const verdict = isSlugForm(text) ? judgeSlug(text) : null
  if (verdict === null || verdict.kind === 'allowed') return
  context.addIssue({ code: 'custom', message: verdict.why })
})

export const SCRIPT_NAME_LENGTH_MAX = 100
export const scriptNameSchema = z
  .string()
  .min(1)
  .max(SCRIPT_NAME_LENGTH_MAX)
  .regex(
    /^[a-zA-Z0-9](?:[a-zA-Z0-9._-]*[a-zA-Z0-9])?$/,
    'Use letters, digits, dots, underscores and hyphens; begin and end with a letter or digit.',
  )
  .meta({ id: 'ScriptName' })

/**
 * Whether PostgreSQL can keep a text as it is: it has no NUL, and JavaScript's halves of surrogate
 * pairs have no UTF-8 form.
 */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

const UNSTORABLE = 'Must be Unicode text without the NUL character.'

/** A name for people: short, on one line. */
export const displayNameSchema = z
  .string()
  .min(1)
  .max(100)
  .refine(isStorableText, UNSTORABLE)
  .refine((text) => !/\p{Cc}/u.test(text), 'Must be one line, without control characters.')

/** Source text of a script. Its size limit is the operator's, so it is not part of the shape. */
export const sourceSchema = z.string().refine(isStorableText, UNSTORABLE)

/** An app, by id or by slug. */
export const appReferenceSchema = z.string().min(1).max(SLUG_LENGTH_MAX)

/** Confirms what would otherwise be refused because something else still needs the thing. */
export const forceQuerySchema = z.strictObject({
  force: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
})

export const LIST_LIMIT_MAX = 200
/** Unknown parameters are refused: a misspelt filter must not answer the unfiltered list. */
export const listQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LIST_LIMIT_MAX).default(50),
  cursor: z.string().max(512).optional(),
})

export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() })
}

/** Counts up with every change of the thing; its ETag is this number in quotes. */
export const revisionSchema = z.int().min(1)

export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    request_id: z.string(),
    errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem document.' })
