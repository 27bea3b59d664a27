/**
 * The request a script run on this machine sees: what `--request` gives, and defaults.
 *
 * @module
 */
import { ROUTE_METHODS, type ScriptRequest } from '@picloud/shared'
import { z } from 'zod'
import { UsageError } from '../errors.ts'

const texts = z.record(z.string(), z.string())

const givenRequestSchema = z.strictObject({
  method: z.enum(ROUTE_METHODS).exclude(['*']).optional(),
  path: z.string().startsWith('/').optional(),
  params: texts.optional(),
  query: texts.optional(),
  headers: texts.optional(),
  cookies: texts.optional(),
  /** A text is sent as it is, anything else as JSON. */
  body: z.json().optional(),
  ip: z.union([z.ipv4(), z.ipv6()]).optional(),
})

const HOST = 'localhost'

/** @throws UsageError when the text is no JSON or names what no request has. */
export function runRequestOf(text: string | undefined): ScriptRequest {
  const given = parse(text ?? '{}')
  const body = bodyOf(given.body)
  const url = new URL(`http://${HOST}:8080`)
  url.pathname = given.path ?? '/'
  for (const [name, value] of Object.entries(given.query ?? {})) url.searchParams.set(name, value)
  return {
    method: given.method ?? (given.body === undefined ? 'GET' : 'POST'),
    url: url.href,
    host: HOST,
    path: url.pathname,
    params: given.params ?? {},
    query: given.query ?? {},
    headers: { host: url.host, ...body.headers, ...lowerCased(given.headers ?? {}) },
    cookies: given.cookies ?? {},
    body: body.bytes,
    ip: given.ip ?? '127.0.0.1',
  }
}

function parse(text: string): z.infer<typeof givenRequestSchema> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError(`--request is no JSON: ${reason}`)
  }
  const parsed = givenRequestSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue?.path.join('.')
  throw new UsageError(
    `--request is not a request: ${place ? `${place}: ` : ''}${issue?.message ?? 'unknown'}. ` +
      `It is a JSON object with any of: ${Object.keys(givenRequestSchema.shape).join(', ')}.`,
  )
}

function bodyOf(body: z.infer<typeof givenRequestSchema>['body']) {
  if (body === undefined) return { headers: {}, bytes: new Uint8Array() }
  const isText = typeof body === 'string'
  return {
    headers: { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json' },
    bytes: new TextEncoder().encode(isText ? body : JSON.stringify(body)),
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
}
