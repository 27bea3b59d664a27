/**
 * The shape of an app's setting `cors`: which pages of other origins may read its answers.
 *
 * @module
 */
import { z } from 'zod'
import { parseOriginPattern } from '../origin-pattern.ts'

const ORIGINS_MAX = 100
const NAMES_MAX = 100
/** Browsers keep what they were told no longer than a day, most of them less. */
const MAX_AGE_SECONDS_MAX = 86_400
/** What the Fetch standard lets a page use without asking is in here too: it does no harm. */
export const CORS_METHODS = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'] as const

const originSchema = z
  .string()
  .max(300)
  .refine(
    (text) => parseOriginPattern(text) !== null,
    'Must be *, or an origin without a path: https://app.example.com, or https://*.example.com.',
  )

const headerNameSchema = z
  .string()
  .max(100)
  .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, 'Must be the name of a header, or *.')

/** Read as well as shown: members that are left out have their defaults. */
export const corsSchema = z
  .object({
    origins: z.array(originSchema).min(1).max(ORIGINS_MAX).meta({
      description: 'Whose pages may read answers: origins, patterns of whole labels, or *.',
    }),
    methods: z.array(z.enum(CORS_METHODS)).min(1).max(CORS_METHODS.length).meta({
      description: 'What they may send.',
    }),
    headers: z.array(headerNameSchema).max(NAMES_MAX).meta({
      description: 'Request headers they may set; *: any.',
    }),
    expose_headers: z.array(headerNameSchema).max(NAMES_MAX).meta({
      description: 'Headers of answers they may read besides the usual ones.',
    }),
    credentials: z.boolean().meta({
      description: 'Whether requests may carry cookies. Never together with * as an origin.',
    }),
    max_age_seconds: z.int().min(0).max(MAX_AGE_SECONDS_MAX).meta({
      description: 'How long a browser need not ask again.',
    }),
  })
  .meta({ id: 'CorsSettings' })
export type CorsSettings = z.infer<typeof corsSchema>

const { shape } = corsSchema

export const writtenCorsSchema = z
  .strictObject({
    origins: shape.origins,
    methods: shape.methods.default([...CORS_METHODS]),
    headers: shape.headers.default(['*']),
    expose_headers: shape.expose_headers.default([]),
    credentials: shape.credentials.default(false),
    max_age_seconds: shape.max_age_seconds.default(600),
  })
  .refine(({ credentials, origins }) => !(credentials && origins.includes('*')), {
    path: ['credentials'],
    message: 'Cannot be true with * as an origin: any page could act as whoever is signed in.',
  })
  .refine(({ credentials, expose_headers }) => !(credentials && expose_headers.includes('*')), {
    path: ['expose_headers'],
    message: 'Must name the headers where credentials are allowed: browsers take * for a name.',
  })
  .meta({ id: 'CorsSettingsChange' })
