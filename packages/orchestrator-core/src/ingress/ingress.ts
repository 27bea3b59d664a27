/**
 * The front door: every HTTP request enters here and leaves as an answer.
 *
 * The order is: whose request it is, whether there is room, the content, the executor, the answer,
 * the record. What can refuse a request does so before its content is read. Nothing here waits for
 * the database, and one deadline, made on arrival, bounds all that waits.
 * Knows nothing of how scripts run, nor of what the admin listener does.
 *
 * @module
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import {
  type Executor,
  isId,
  type LimitPolicy,
  type Logger,
  normalizeHost,
  type ScriptId,
  SILENT_LOGGER,
} from '@picloud/shared'
import type { IdempotencyStore } from '@picloud/storage'
import { ExpectationError, HostInvalidError, ScriptUnknownError } from '../errors.ts'
import type { ExecutionRecorder } from '../recording/execution-recorder.ts'
import type { RoutingTables } from '../routing/routing-tables.ts'
import type { Admission } from './admission.ts'
import { REQUEST_ID_HEADER } from './answer.ts'
import { Connection } from './connection.ts'
import { type Dispatch, type DispatchContext, dispatch } from './dispatch.ts'
import { Exchange } from './exchange.ts'
import { idempotencyKeyOf } from './idempotency/idempotency-key.ts'
import { IngressFigures } from './ingress-figures.ts'
import type { IngressLimits } from './ingress-limits.ts'
import { noteAnswer } from './note-answer.ts'
import { type RefusalOptions, refuse } from './refusal.ts'
import { dropField } from './request-head.ts'
import { clientAddressOf, type RequestParts, schemeSeenBy } from './script-request.ts'
import { ScriptRunner } from './script-runner.ts'
import { TrustedProxies } from './trusted-proxies.ts'

export interface IngressOptions {
  readonly executor: Executor
  readonly routing: RoutingTables
  readonly recorder: Pick<ExecutionRecorder, 'record'>
  /** Left out: routes that need it answer 503. */
  readonly idempotency?: IdempotencyStore
  readonly limits: IngressLimits
  /** How far apps may go; left out: no further than `limits`. */
  readonly ceilings?: LimitPolicy['ceilings']
  /** Answers PiCloud's own paths on admin hosts. */
  readonly adminListener: RequestListener
  /** The one admin host; null: localhost, addresses, and every host that no app claims. */
  readonly adminHost?: string | null
  /** Lets a caller run scripts by id, or throws the error the caller gets. */
  readonly authorizeExecute: (request: IncomingMessage, address: string) => Promise<unknown>
  /** Addresses or CIDR ranges whose `X-Forwarded-*` fields are believed. */
  readonly trustedProxies?: readonly string[]
  readonly logger?: Logger
  /** Whether each request has a line of its own, at the level debug. */
  readonly logsRequests?: boolean
}

export class Ingress {
  /** For a server's `request` event. */
  readonly listener: RequestListener
  /** For a server's `checkContinue` event: the content is asked for once nothing refuses it. */
  readonly continueListener: RequestListener
  /** For a server's `checkExpectation` event. */
  readonly expectationListener: RequestListener

  /** What was counted since the start. */
  readonly figures = new IngressFigures()

  readonly #options: IngressOptions
  readonly #context: DispatchContext
  readonly #refusal: RefusalOptions
  readonly #proxies: TrustedProxies
  readonly #runner: ScriptRunner
  readonly #connections = new WeakMap<Socket, Connection>()

  /** @throws {@link HostInvalidError} when `adminHost` is no host */
  constructor(options: IngressOptions) {
    const { routing, limits, logger = SILENT_LOGGER } = options
    this.#options = options
    const { figures } = this
    const requestLogger = options.logsRequests === true ? logger : null
    this.#refusal = { bodyBytesMax: limits.bodyBytesMax, logger, figures, requestLogger }
    this.#proxies = new TrustedProxies(options.trustedProxies ?? [])
    const adminHost = adminHostOf(options.adminHost ?? null)
    this.#context = { routing, adminHost, urlBytesMax: limits.urlBytesMax }
    this.#runner = new ScriptRunner({ ...options, ...this.#refusal, proxies: this.#proxies })
    this.listener = (request, response) => this.#handle(this.#exchange(request, response, false))
    this.continueListener = (request, response) =>
      this.#handle(this.#exchange(request, response, true))
    this.expectationListener = (request, response) =>
      this.#refuse(this.#exchange(request, response, true), new ExpectationError())
  }

  /** Requests that reached a script and are not answered yet, and how many found no room. */
  get load(): {
    readonly underWay: number
    readonly refused: number
    /** Of their content in memory. */
    readonly contentBytes: number
  } {
    const { admission, bodyPlaces, content } = this.#runner
    return {
      underWay: admission.underWay + bodyPlaces.taken,
      refused: admission.refused + bodyPlaces.refused,
      contentBytes: content.bytes,
    }
  }

  /** For others that run scripts on this node: they take places among its requests. */
  get admission(): Admission {
    return this.#runner.admission
  }

  /** Where a request came from, as far as trusted proxies tell. */
  clientAddress(request: IncomingMessage): string {
    const connection = this.connectionOf(request.socket)
    const field = request.headers['x-forwarded-for']
    if (!connection.trusted || field === undefined) return connection.peer
    return this.#proxies.clientOf(connection.peer, String(field))
  }

  /** Whether a request came by https, as far as trusted proxies tell. */
  isSecure(request: IncomingMessage): boolean {
    const forwarded = request.headers['x-forwarded-proto']
    return schemeSeenBy(this.connectionOf(request.socket), forwarded) === 'https'
  }

  /** What is known of a connection, from its first byte to its last. */
  connectionOf(socket: Socket): Connection {
    const known = this.#connections.get(socket)
    if (known !== undefined) return known
    const made = new Connection(socket, this.#proxies)
    this.#connections.set(socket, made)
    return made
  }

  /** Ends what waits here; requests under way are the executor's to end. */
  stop(): void {
    this.#runner.stop()
  }

  #handle(exchange: Exchange): void {
    try {
      this.#follow(exchange, dispatch(exchange, this.#context))
    } catch (error) {
      this.#refuse(exchange, error)
    }
  }

  #follow(exchange: Exchange, decision: Dispatch): void {
    switch (decision.kind) {
      case 'route': {
        const { target, routeId, idempotency, parts } = decision
        const key = idempotency === null ? null : idempotencyKeyOf(exchange, idempotency)
        this.#runner.start({ target, trigger: 'http', routeId, key, parts })
        return
      }
      case 'execute':
        void this.#execute(decision.script, decision.parts)
        return
      case 'admin':
        this.#handOver(exchange, decision.target)
        return
      case 'preflight': {
        const fields: string[] = [REQUEST_ID_HEADER, exchange.id]
        decision.cors.addPreflightTo(fields, exchange.head.headers)
        exchange.response.writeHead(204, fields).end()
        noteAnswer(exchange, 204, this.#refusal)
        return
      }
      case 'options': {
        const fields = [REQUEST_ID_HEADER, exchange.id, 'allow', decision.allow.join(', ')]
        exchange.cors?.addTo(fields, exchange.head.headers)
        exchange.response.writeHead(204, fields).end()
        noteAnswer(exchange, 204, this.#refusal)
      }
    }
  }

  /** Never rejects. The caller's right is checked before the script's existence is told. */
  async #execute(script: string, parts: RequestParts): Promise<void> {
    const { exchange } = parts
    try {
      const address = clientAddressOf(exchange, this.#proxies)
      await this.#options.authorizeExecute(exchange.request, address)
      const target = isId(script)
        ? this.#options.routing.findScript(script.toLowerCase() as ScriptId)
        : undefined
      if (target === undefined) throw new ScriptUnknownError(script)
      // The admin's proof is for us: a script must not see it.
      dropField(exchange.head, 'authorization')
      this.#runner.start({ target, trigger: 'execute', routeId: null, key: null, parts })
    } catch (error) {
      this.#refuse(exchange, error)
    }
  }

  #handOver(exchange: Exchange, target: { readonly path: string; readonly query: string }): void {
    const { request, response } = exchange
    request.url = target.query === '' ? target.path : `${target.path}?${target.query}`
    if (exchange.expectsContinue) response.writeContinue()
    this.#options.adminListener(request, response)
  }

  #refuse(exchange: Exchange, error: unknown): void {
    refuse(exchange, error, this.#refusal)
  }

  #exchange(
    request: IncomingMessage,
    response: ServerResponse,
    expectsContinue: boolean,
  ): Exchange {
    const connection = this.connectionOf(request.socket)
    const exchange = new Exchange({ request, response, connection, expectsContinue })
    connection.latest = response
    connection.latestAt = exchange.arrivedAt
    return exchange
  }
}

function adminHostOf(written: string | null): string | null {
  if (written === null) return null
  const host = normalizeHost(written)
  if (host === null) throw new HostInvalidError(`The admin host ${written} is not a host name.`)
  return host
}
