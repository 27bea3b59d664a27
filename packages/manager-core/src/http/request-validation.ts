/**
 * Turns what zod says of a request into the field errors of a problem document.
 *
 * @module
 */
import type { FieldError } from '@picloud/shared'
import type { z } from 'zod'
import { QueryInvalidError, RequestInvalidError } from '../errors/requests.ts'

/** A client that got one hundred members wrong is helped no further by the next. */
const FIELD_ERRORS_MAX = 20

export function parseQuery(schema: z.ZodType, query: unknown): unknown {
  const parsed = schema.safeParse(query)
  if (parsed.success) return parsed.data
  throw new QueryInvalidError(fieldErrors(parsed.error))
}

export function parseBody(schema: z.ZodType, body: unknown): unknown {
  if (body === undefined || body === null) {
    throw new RequestInvalidError([{ pointer: '', message: 'A JSON object is needed here.' }])
  }
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw new RequestInvalidError(fieldErrors(parsed.error))
}

function fieldErrors(error: z.ZodError): readonly FieldError[] {
  return error.issues.flatMap(fieldErrorsOfIssue).slice(0, FIELD_ERRORS_MAX)
}

/** An unknown member is reported where it stands, not at the object around it. */
function fieldErrorsOfIssue(issue: z.core.$ZodIssue): readonly FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerOf([...issue.path, key]),
      message: 'There is no such member.',
    }))
  }
  return [{ pointer: pointerOf(issue.path), message: issue.message }]
}

/** RFC 6901 section 3. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
