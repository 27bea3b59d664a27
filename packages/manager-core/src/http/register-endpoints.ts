/**
 * Puts endpoint definitions on the server: guard first, then the body, then the schemas, then the
 * handler.
 *
 * The guard runs before a byte of the body is read. Knows nothing of any one resource.
 *
 * @module
 */
import type { Logger } from '@picloud/shared'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccessRequest } from '../auth/admin-guard.ts'
import { ANONYMOUS, type Need, type Principal } from '../auth/principal.ts'
import { isSentFromHttps, requireOwnOrigin } from '../auth/request-origin.ts'
import { clientSessionOf } from './client-session.ts'
import { etagOf, isKnown, parseIfMatch, revisionOf } from './conditional.ts'
import { type Endpoint, needOf } from './endpoint.ts'
import { type StreamEvent, sendEvents } from './event-stream.ts'
import { movedUrl, namesApp } from './moved-app.ts'
import { parseBody, parseQuery } from './request-validation.ts'
import { routerPath } from './router-path.ts'

export interface EndpointContext {
  readonly requireAdmin: (request: AccessRequest, need: Need) => Promise<Principal>
  /** The slug an app has now that had this one before; null where none had it. */
  readonly currentSlug: (formerSlug: string) => Promise<string | null>
  readonly addressOf: (request: FastifyRequest) => string
  /** Whether it came by https, as far as is known. */
  readonly isSecure: (request: FastifyRequest) => boolean
  /** Aborted when the manager stops. */
  readonly stopping: AbortSignal
  readonly logger: Logger
}

export function registerEndpoints(
  server: FastifyInstance,
  endpoints: readonly Endpoint[],
  context: EndpointContext,
): void {
  const principals = new WeakMap<FastifyRequest, Principal>()
  for (const endpoint of endpoints) {
    const isChange = endpoint.method !== 'GET'
    const guard = async (request: FastifyRequest): Promise<void> => {
      const { headers } = request
      const isSecure = context.isSecure(request)
      if (endpoint.guard === 'admin') {
        const access = { headers, isSecure, isChange, address: context.addressOf(request) }
        principals.set(request, await context.requireAdmin(access, needOf(endpoint)))
      } else if (isChange) requireOwnOrigin({ headers, isSecure })
    }
    const onRequest = [
      guard,
      ...(namesApp(endpoint.path) ? [redirectMoved(endpoint.path, context)] : []),
    ]
    server.route({
      method: endpoint.method,
      url: routerPath(endpoint.path),
      onRequest,
      ...(endpoint.bodyBytesMax === undefined ? {} : { bodyLimit: endpoint.bodyBytesMax }),
      handler: async (request, reply) => {
        const { signal, release } = abortOnDeparture(reply, context.stopping)
        try {
          const result = await endpoint.handle({
            params: request.params,
            query: parseQueryOf(endpoint, request),
            body: parseBodyOf(endpoint, request),
            precondition: endpoint.conditional ? parseIfMatch(request.headers['if-match']) : null,
            by: {
              principal: principals.get(request) ?? ANONYMOUS,
              address: context.addressOf(request),
              requestId: request.id,
            },
            lastEventId: endpoint.events === undefined ? null : lastEventIdOf(request),
            client: clientSessionOf(reply, {
              isSecure: context.isSecure(request) || isSentFromHttps(request.headers),
            }),
            signal,
          })
          if (endpoint.events === undefined) return answer(endpoint, request, reply, result)
          const events = result as AsyncIterable<StreamEvent>
          return await sendEvents(reply, events, { signal, logger: context.logger })
        } finally {
          release()
        }
      },
    })
  }
}

/** Runs after the guard and before the content is read: what is redirected has no other effect. */
function redirectMoved(template: string, context: EndpointContext) {
  return async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> => {
    const { app } = request.params as { readonly app: string }
    const slug = await context.currentSlug(app)
    if (slug === null) return undefined
    return reply
      .code(308)
      .header('cache-control', 'no-store')
      .header('location', movedUrl(template, request.url, slug))
      .send()
  }
}

/** Endpoints without parameters ignore the query string, as caches and probes add to it. */
function parseQueryOf(endpoint: Endpoint, request: FastifyRequest): unknown {
  return endpoint.query === undefined ? undefined : parseQuery(endpoint.query, request.query)
}

function parseBodyOf(endpoint: Endpoint, request: FastifyRequest): unknown {
  if (endpoint.body === undefined) return undefined
  const none = endpoint.isBodyOptional === true ? {} : undefined
  return parseBody(endpoint.body, request.body ?? none)
}

function lastEventIdOf(request: FastifyRequest): string | null {
  const value = request.headers['last-event-id']
  return typeof value === 'string' && value !== '' ? value : null
}

function answer(
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  result: unknown,
): FastifyReply {
  reply.header('cache-control', 'no-store')
  if (endpoint.result === undefined) return reply.code(204).send()
  const tag = endpoint.tagOf === undefined ? revisionOf(result) : endpoint.tagOf(result)
  if (tag !== null) {
    reply.header('etag', etagOf(tag))
    const isRead = endpoint.method === 'GET'
    if (isRead && isKnown(request.headers['if-none-match'], tag)) return reply.code(304).send()
  }
  return reply
    .code(endpoint.status ?? 200)
    .header('content-type', 'application/json')
    .send(Buffer.from(JSON.stringify(result)))
}

interface Departure {
  readonly signal: AbortSignal
  readonly release: () => void
}

/** Without `AbortSignal.any`, which would keep something on `stopping` for every request made. */
function abortOnDeparture(reply: FastifyReply, stopping: AbortSignal): Departure {
  const departed = new AbortController()
  const abort = (): void => departed.abort()
  reply.raw.once('close', abort)
  stopping.addEventListener('abort', abort, { once: true })
  return {
    signal: departed.signal,
    release: () => {
      reply.raw.off('close', abort)
      stopping.removeEventListener('abort', abort)
    },
  }
}
