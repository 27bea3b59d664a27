/**
 * One endpoint of the API: what it is called, who may call it, what goes in and what comes out.
 *
 * The same definition registers the endpoint and describes it in the OpenAPI document, so the two
 * cannot differ. Schemas are of `@picloud/shared`; a handler gets parsed values and returns data.
 *
 * @module
 */
import type { z } from 'zod'
import type { Need } from '../auth/principal.ts'
import type { Author } from '../domain/author.ts'
import type { Precondition } from '../domain/precondition.ts'
import type { ClientSession } from './client-session.ts'
import type { StreamEvent } from './event-stream.ts'

/** `admin`: passes `requireAdmin`. `open`: anyone. There is no third way in. */
type Guard = 'admin' | 'open'
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** The names in braces of a path template. */
type PathParams<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [Key in Name]: string } & PathParams<Rest>
  : unknown

interface Call<Params, Query, Body> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** Null where the endpoint is not `conditional`. */
  readonly precondition: Precondition
  /** Anonymous where the guard is `open`. */
  readonly by: Author
  /** What a client that comes back to a stream has seen last; null for all others. */
  readonly lastEventId: string | null
  /** The caller as a browser: what it calls itself, and its session cookie. */
  readonly client: ClientSession
  /** Aborted when the client goes away or the manager stops. */
  readonly signal: AbortSignal
}

export interface EndpointDefinition<
  Path extends string,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Result extends z.ZodType,
> {
  readonly method: Method
  readonly path: Path
  readonly guard: Guard
  /** What the guard asks for; by default `read` for GET and `admin` for the rest. */
  readonly need?: Need
  /** OpenAPI `operationId`. */
  readonly id: string
  readonly summary: string
  readonly query?: Query
  readonly body?: Body
  /** Sending none is sending `{}`. */
  readonly isBodyOptional?: boolean
  /** Size of the body where the server's limit, made for sources, is too generous. */
  readonly bodyBytesMax?: number
  /** Without a result the answer is 204. */
  readonly result?: Result
  /** Status with a result: 201 where something was made. */
  readonly status?: 200 | 201
  /** Statuses of the errors the handler itself raises; the rest is added by what is declared. */
  readonly errors?: readonly number[]
  /** The ETag of the answer, without quotes, where it is not the revision in it. */
  tagOf?(result: z.output<Result>): string
  /** Takes If-Match (RFC 9110 section 13.1.1). */
  readonly conditional?: boolean
  handle(
    call: Call<PathParams<Path>, z.output<Query>, z.output<Body>>,
  ): Promise<z.output<Result>> | z.output<Result>
}

/** An endpoint that answers with server-sent events for as long as the client stays. */
export interface StreamDefinition<Path extends string, Query extends z.ZodType>
  extends Omit<
    EndpointDefinition<Path, Query, z.ZodUndefined, z.ZodVoid>,
    'method' | 'body' | 'bodyBytesMax' | 'result' | 'tagOf' | 'status' | 'conditional' | 'handle'
  > {
  /** What the data of each kind of event is. */
  readonly events: Readonly<Record<string, z.ZodType>>
  /** What it refuses, it refuses before the first event. */
  handle(
    call: Call<PathParams<Path>, z.output<Query>, undefined>,
  ): Promise<AsyncIterable<StreamEvent>>
}

/** A definition whose types were checked and are no longer told apart. */
export interface Endpoint
  extends Omit<
    EndpointDefinition<string, z.ZodType, z.ZodType, z.ZodType>,
    'handle' | 'query' | 'body' | 'result' | 'tagOf'
  > {
  /** Undefined where the answer is one document. */
  readonly events: StreamDefinition<string, z.ZodType>['events'] | undefined
  readonly query: z.ZodType | undefined
  readonly body: z.ZodType | undefined
  readonly result: z.ZodType | undefined
  readonly tagOf: ((result: unknown) => string) | undefined
  handle(call: Call<unknown, unknown, unknown>): unknown
}

export function needOf({ need, method }: Pick<Endpoint, 'need' | 'method'>): Need {
  return need ?? (method === 'GET' ? 'read' : 'admin')
}

export function endpoint<
  const Path extends string,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Result extends z.ZodType = z.ZodVoid,
>(definition: EndpointDefinition<Path, Query, Body, Result>): Endpoint {
  const { query, body, result, handle, tagOf, ...rest } = definition
  return {
    ...rest,
    query,
    body,
    result,
    events: undefined,
    tagOf: tagOf as ((result: unknown) => string) | undefined,
    // What `handle` is given was parsed by the schemas its types are made from.
    handle: handle as (call: Call<unknown, unknown, unknown>) => unknown,
  }
}

export function eventStream<const Path extends string, Query extends z.ZodType = z.ZodUndefined>(
  definition: StreamDefinition<Path, Query>,
): Endpoint {
  const { query, handle, ...rest } = definition
  return {
    ...rest,
    method: 'GET',
    query,
    body: undefined,
    result: undefined,
    tagOf: undefined,
    handle: handle as (call: Call<unknown, unknown, unknown>) => unknown,
  }
}
