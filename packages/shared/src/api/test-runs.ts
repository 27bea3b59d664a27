/**
 * Shapes of trying a text as a script: `/api/v1/admin/scripts/{script_id}:test`, and of the requests
 * that are kept for it.
 *
 * @module
 */
import { z } from 'zod'
import { executionSchema } from './executions.ts'
import {
  displayNameSchema,
  isStorableText,
  listOf,
  sourceSchema,
  timeSchema,
} from './primitives.ts'

const KIB = 1024
export const TEST_PATH_LENGTH_MAX = 8 * KIB
export const TEST_HEADERS_MAX = 100
export const TEST_HEADER_LENGTH_MAX = 8 * KIB
export const TEST_BODY_LENGTH_MAX = 256 * KIB
/** Of the answer, to be looked at. */
export const TEST_ANSWER_BYTES_MAX = 256 * KIB
export const SAMPLES_PER_SCRIPT_MAX = 50

const TOKEN = /^[!#$%&'*+.^`|~\w-]{1,100}$/
const UNSTORABLE = 'Must be Unicode text without the NUL character.'

const headerValueSchema = z
  .string()
  .max(TEST_HEADER_LENGTH_MAX)
  .refine((text) => !/[\0\r\n]/.test(text), 'Must be one line.')
  .refine(isStorableText, UNSTORABLE)

const fieldsSchema = z
  .record(
    z.string().regex(TOKEN, 'Must be the name of a header field (RFC 9110 section 5.6.2).'),
    z.array(headerValueSchema).min(1).max(TEST_HEADERS_MAX),
  )
  .refine(
    (fields) => Object.values(fields).flat().length <= TEST_HEADERS_MAX,
    `Must be at most ${TEST_HEADERS_MAX} fields.`,
  )

const request = {
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
  path: z
    .string()
    .max(TEST_PATH_LENGTH_MAX)
    .regex(/^\/[!-"$-~]*$/, 'Must begin with / and be written as in a URL, without a fragment.')
    .default('/')
    .describe('With its query.'),
  headers: fieldsSchema.default({}).describe('By name: the values of all fields of that name.'),
  body: z
    .string()
    .max(TEST_BODY_LENGTH_MAX)
    .refine(isStorableText, UNSTORABLE)
    .default('')
    .describe('Sent in UTF-8.'),
}

export const testScriptSchema = z.strictObject({
  source: sourceSchema,
  request: z.strictObject(request).prefault({}),
})
export type TestScript = z.output<typeof testScriptSchema>

export const testedScriptSchema = z
  .object({
    execution: executionSchema,
    /** What the client of a route would get. */
    answer: z.object({
      status: z.int(),
      headers: z.array(z.object({ name: z.string(), value: z.string() })),
      /** Null where it is no text. */
      body: z.string().nullable(),
      /** Null where it is text. */
      body_base64: z.string().nullable(),
      /** Whether there was more than is shown. */
      is_cut: z.boolean(),
    }),
  })
  .meta({ id: 'TestedScript' })
export type TestedScript = z.infer<typeof testedScriptSchema>

/** A request that is kept to try a script with, by its name. */
export const scriptSampleSchema = z
  .object({
    name: z.string(),
    method: z.string(),
    path: z.string(),
    headers: z.record(z.string(), z.array(z.string())),
    body: z.string(),
    updated_at: timeSchema,
  })
  .meta({ id: 'ScriptSample' })
export type ScriptSample = z.infer<typeof scriptSampleSchema>
export const scriptSampleListSchema = listOf(scriptSampleSchema)

export const putScriptSampleSchema = z.strictObject(request)
export type PutScriptSample = z.output<typeof putScriptSampleSchema>

export const sampleNameSchema = displayNameSchema
