/**
 * A logger whose lines say on whose request they were written, wherever that was.
 *
 * Rules and guards are handed a logger once and know no request; what is logged while one is
 * answered gets its id, and its trace where the client sent one, from the asynchronous context.
 * At the level debug every request has a line of its own.
 *
 * @module
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Logger, type RequestLogFields, requestLogFields } from '@picloud/shared'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { pathOf } from './request-path.ts'

export class RequestLog {
  readonly logger: Logger
  readonly #current = new AsyncLocalStorage<RequestLogFields>()

  constructor(logger: Logger) {
    const log =
      (level: keyof Logger): Logger['info'] =>
      (fields, message) =>
        logger[level]({ ...this.#current.getStore(), ...fields }, message)
    this.logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') }
  }

  /** Comes before the hooks that log. */
  follow(server: FastifyInstance): void {
    server.addHook('onRequest', (request, _reply, done) => {
      this.#current.run(fieldsOf(request), done)
    })
    // The content arrives in the context of its connection, which knows no request.
    server.addHook('preHandler', (request, _reply, done) => {
      this.#current.run(fieldsOf(request), done)
    })
    server.addHook('onResponse', async (request, reply) => {
      const { method, url } = request
      const duration_ms = Math.round(reply.elapsedTime)
      const answer = { method, path: pathOf(url), status: reply.statusCode, duration_ms }
      this.logger.debug({ ...fieldsOf(request), ...answer }, 'A request was answered.')
    })
  }
}

/** For what is logged before or after the hooks. */
export function fieldsOf(request: FastifyRequest): RequestLogFields {
  const { traceparent } = request.headers
  return requestLogFields(request.id, Array.isArray(traceparent) ? traceparent.join() : traceparent)
}
