/**
 * The OpenAPI 3.1 document, made from the endpoint definitions and the schemas that validate.
 *
 * Shapes with a name (`.meta({ id })`) become components; everything else is written where it is
 * used. The document is the same for every caller, so it is made once.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { problemSchema, SESSION_COOKIE } from '@picloud/shared'
import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import { EVENT_STREAM_TYPE } from './event-stream.ts'
import { namesApp } from './moved-app.ts'

interface JsonObject {
  [key: string]: unknown
}
type Components = Map<string, unknown>

const JSON_TYPE = 'application/json'
const PROBLEM_TYPE = 'application/problem+json'

export function openApiDocument(endpoints: readonly Endpoint[], version: string): JsonObject {
  const components: Components = new Map()
  const paths: Record<string, JsonObject> = {}
  for (const endpoint of endpoints) {
    const path = paths[endpoint.path] ?? {}
    path[endpoint.method.toLowerCase()] = operationOf(endpoint, components)
    paths[endpoint.path] = path
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'PiCloud',
      version,
      description:
        'Control plane of PiCloud. Every error is a problem document (RFC 9457) with a stable ' +
        '`code`; `docs/reference/errors.md` lists them.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'pic_ and 43 characters' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: SESSION_COOKIE,
          description:
            'Set by signing in. A request that changes something needs the header ' +
            '"X-PiCloud-CSRF: 1" too.',
        },
      },
    },
  }
}

function operationOf(endpoint: Endpoint, components: Components): JsonObject {
  const parameters = [
    ...pathParameters(endpoint),
    ...queryParameters(endpoint, components),
    ...headerParameters(endpoint),
  ]
  return {
    operationId: endpoint.id,
    summary: endpoint.summary,
    ...(endpoint.guard === 'admin'
      ? { security: [{ token: [] }, { session: [] }] }
      : { security: [] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(endpoint.body === undefined
      ? {}
      : {
          requestBody: {
            required: endpoint.isBodyOptional !== true,
            content: content(endpoint.body, 'input', components),
          },
        }),
    responses: responsesOf(endpoint, components),
  }
}

function pathParameters(endpoint: Endpoint): readonly JsonObject[] {
  const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
  return names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
}

function queryParameters(endpoint: Endpoint, components: Components): readonly JsonObject[] {
  if (endpoint.query === undefined) return []
  const schema = schemaOf(endpoint.query, 'input', components)
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: 'query',
    required: required.has(name),
    schema: property,
  }))
}

function headerParameters(endpoint: Endpoint): readonly JsonObject[] {
  const header = (name: string, description: string): JsonObject => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  })
  return [
    ...(endpoint.conditional === true
      ? [header('If-Match', 'ETag this was read with: refused with 412 if it changed since.')]
      : []),
    ...(endpoint.events === undefined
      ? []
      : [header('Last-Event-ID', 'Id of the last event the client got: go on after it.')]),
    ...(isTaggedRead(endpoint)
      ? [header('If-None-Match', 'ETag of what the client holds: 304 if it is unchanged.')]
      : []),
  ]
}

function isTaggedRead(endpoint: Endpoint): boolean {
  return endpoint.method === 'GET' && hasTag(endpoint)
}

/** Such an answer has an ETag; see `conditional.ts`. */
function hasTag({ result, tagOf }: Endpoint): boolean {
  if (tagOf !== undefined) return true
  return result instanceof z.ZodObject && 'revision' in result.shape
}

function responsesOf(endpoint: Endpoint, components: Components): JsonObject {
  const responses: JsonObject = {}
  if (endpoint.events !== undefined) {
    responses['200'] = {
      description: 'Server-sent events, until the client leaves or an event `end` says why.',
      content: { [EVENT_STREAM_TYPE]: streamOf(endpoint.events, components) },
    }
  } else if (endpoint.result === undefined) {
    responses['204'] = { description: 'Done.' }
  } else {
    const status = String(endpoint.status ?? 200)
    const description = status === '201' ? 'Made.' : 'The answer.'
    responses[status] = {
      description,
      ...(hasTag(endpoint) ? { headers: { ETag: { schema: { type: 'string' } } } } : {}),
      content: content(endpoint.result, 'output', components),
    }
    if (isTaggedRead(endpoint)) responses['304'] = { description: 'Unchanged.' }
  }
  if (namesApp(endpoint.path)) {
    responses['308'] = {
      description:
        'The app was renamed. Repeat the request, with its method and content, at `Location`: ' +
        'the same path and query with the slug the app has now.',
      headers: { Location: { schema: { type: 'string' } } },
    }
  }
  for (const status of errorStatusesOf(endpoint)) {
    const schema = schemaOf(problemSchema, 'output', components)
    responses[String(status)] = {
      description: 'A problem document.',
      content: { [PROBLEM_TYPE]: { schema } },
    }
  }
  return responses
}

/** OpenAPI 3.1 has no word for the parts of a stream, so what each event's data is stands in ours. */
function streamOf(events: NonNullable<Endpoint['events']>, components: Components): JsonObject {
  const shapes = Object.entries(events).map(
    ([name, schema]) => [name, schemaOf(schema, 'output', components)] as const,
  )
  return { schema: { type: 'string' }, 'x-picloud-events': Object.fromEntries(shapes) }
}

/** What follows from a declaration needs not be declared again. */
function errorStatusesOf(endpoint: Endpoint): readonly number[] {
  // 503: the manager stops, or the database is away.
  const statuses = new Set([...(endpoint.errors ?? []), 503])
  if (endpoint.guard === 'admin') for (const status of [401, 403, 429]) statuses.add(status)
  if (endpoint.body !== undefined) for (const status of [400, 413, 415, 422]) statuses.add(status)
  if (endpoint.query !== undefined) statuses.add(400)
  if (endpoint.conditional === true) statuses.add(412)
  if (endpoint.path.includes('{')) for (const status of [400, 414]) statuses.add(status)
  return [...statuses].sort((a, b) => a - b)
}

function content(schema: z.ZodType, io: 'input' | 'output', components: Components): JsonObject {
  return { [JSON_TYPE]: { schema: schemaOf(schema, io, components) } }
}

interface JsonSchema extends JsonObject {
  properties?: Record<string, unknown>
  required?: unknown
}

/** The JSON Schema of a shape, its named parts moved to the components. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Components): JsonSchema {
  const {
    $schema: _dialect,
    $defs,
    ...own
  } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'throw',
  })
  for (const [name, definition] of Object.entries($defs ?? {})) {
    const body = pointAtComponents(definition)
    const known = components.get(name)
    assert(
      known === undefined || JSON.stringify(known) === JSON.stringify(body),
      `${name} is one shape, going in and coming out`,
    )
    components.set(name, body)
  }
  return pointAtComponents(own) as JsonSchema
}

function pointAtComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointAtComponents)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === '$ref' && typeof member === 'string'
        ? member.replace('#/$defs/', '#/components/schemas/')
        : pointAtComponents(member),
    ]),
  )
}
