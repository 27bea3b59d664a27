/**
 * The host service `http`: requests that scripts send.
 *
 * Each hop of a request is checked by the egress guard, connects to an address that passed, and is
 * bounded in time by what the script has left and in size by named limits. Nothing is kept between
 * requests but connections: no cookies, no answers, and no proxy is taken from the environment.
 *
 * The sandbox makes the functions scripts see of the one that is here, and reads the bodies of
 * answers: what a server sends is parsed where it harms nobody else, on the script's account.
 *
 * @module
 */
import {
  HOPS_FIELD,
  type HostService,
  type HostServiceCall,
  HostServiceError,
  type HostValue,
} from '@picloud/shared'
import type { EgressGuard } from '../egress/egress-guard.ts'
import { type Connection, Connections } from './connections.ts'
import { ACCEPTED_CODINGS, decoded } from './content-coding.ts'
import { ConnectionLostError, exchange, type ReceivedAnswer } from './exchange.ts'
import { HOPS_MAX, type HttpLimits } from './http-limits.ts'
import { type OutgoingRequest, readOutgoingRequest } from './outgoing-request.ts'
import { redirected } from './redirect.ts'
import { RequestClock } from './request-clock.ts'
import { type RequestRoom, RequestRooms } from './request-room.ts'

export interface HttpServiceOptions {
  readonly limits: HttpLimits
  readonly guard: EgressGuard
  /** Certificates of authorities, in PEM, that are trusted instead of the system's. */
  readonly ca?: string
}

export interface HttpService extends HostService {
  readonly figures: HttpFigures
  /** Closes all connections. */
  close(): void
}

export interface HttpFigures {
  /** `ok`, or the code of the error. */
  readonly outcomes: ReadonlyMap<string, number>
  readonly underWay: number
  readonly connections: { readonly open: number; readonly idle: number }
}

export function createHttpService({ limits, guard, ca }: HttpServiceOptions): HttpService {
  const connections = new Connections({
    idleMax: limits.httpIdleConnectionsMax,
    headerBytesMax: limits.httpHeaderBytesMax,
    ca,
  })
  const rooms = new RequestRooms(limits)
  const outcomes = new Map<string, number>()

  async function send(call: HostServiceCall, signal: AbortSignal): Promise<HostValue> {
    const hops = call.hops + 1
    if (hops > HOPS_MAX) throw tooManyHops()
    const request = readOutgoingRequest(call.args[0] ?? null, limits.httpHeaderBytesMax)
    const room = rooms.enter(call.app.id)
    const clock = new RequestClock(request.timeoutMs, call.deadlineAt, signal)
    try {
      return await new Journey({ call, hops, limits, guard, connections, room, clock }).run(request)
    } finally {
      clock.stop()
      room.release()
    }
  }

  return {
    name: 'http',
    functions: [{ name: 'send', parameters: ['map'], isInternal: true }],
    get figures() {
      return { outcomes, underWay: rooms.underWay, connections: connections.figures }
    },
    close: () => connections.close(),
    async call(call, signal) {
      let outcome = 'ok'
      try {
        return await send(call, signal)
      } catch (error) {
        outcome = error instanceof HostServiceError ? error.code : 'failed'
        throw error
      } finally {
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      }
    },
  }
}

interface JourneyParts {
  readonly call: HostServiceCall
  readonly hops: number
  readonly limits: HttpLimits
  readonly guard: EgressGuard
  readonly connections: Connections
  readonly room: RequestRoom
  readonly clock: RequestClock
}

/** What may be sent twice when it is not known whether it arrived (RFC 9110 section 9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/** A request and all the requests that redirects make of it. */
class Journey {
  readonly #parts: JourneyParts

  constructor(parts: JourneyParts) {
    this.#parts = parts
  }

  async run(first: OutgoingRequest): Promise<HostValue> {
    let request = first
    for (let followed = 0; ; followed += 1) {
      const answer = await this.#hop(request)
      const next = request.redirectsMax === 0 ? null : redirected(request, answer)
      if (next === null) return await this.#answerOf(request, answer)
      if (followed >= request.redirectsMax) throw tooManyRedirects(request.redirectsMax)
      request = next
    }
  }

  async #hop(request: OutgoingRequest): Promise<ReceivedAnswer> {
    const { call, guard, connections, clock } = this.#parts
    const addresses = await clock.race(guard.check(request.url, call.app.egress))
    const destination = { appId: call.app.id, origin: request.url.origin, addresses }
    const kept = connections.take(destination)
    try {
      return await this.#exchange(kept, request)
    } catch (error) {
      if (!(error instanceof ConnectionLostError)) throw error
      // The server may have closed its end just before it was asked.
      if (!kept.isReused || !IDEMPOTENT.has(request.method)) throw error.refusal
    }
    try {
      return await this.#exchange(connections.fresh(destination), request)
    } catch (error) {
      throw error instanceof ConnectionLostError ? error.refusal : error
    }
  }

  #exchange(connection: Connection, request: OutgoingRequest): Promise<ReceivedAnswer> {
    const { hops, limits, room, clock } = this.#parts
    const { method, url, body } = request
    const bounds = {
      bytesMax: this.#bytesMax(request),
      headerBytesMax: limits.httpHeaderBytesMax,
      reserve: room.reserve,
    }
    const headers = withOurs(request.headers, hops)
    const path = `${url.pathname}${url.search}`
    return exchange(connection, { method, path, headers, body }, bounds, clock.signal)
  }

  async #answerOf(request: OutgoingRequest, answer: ReceivedAnswer): Promise<HostValue> {
    const { clock, room } = this.#parts
    const coding = answer.headers['content-encoding']
    const isWhole = request.method !== 'HEAD'
    const bounds = { bytesMax: this.#bytesMax(request), reserve: room.reserve }
    const body = isWhole
      ? await decoded(answer.content, coding, bounds, clock.signal)
      : answer.content
    return new Map<string, HostValue>([
      ['status', answer.status],
      ['headers', headerMap(answer.headers)],
      ['body', body],
      ['url', request.url.href],
    ])
  }

  #bytesMax({ bytesMax }: OutgoingRequest): number {
    const { httpAnswerBytesMax } = this.#parts.limits
    return Math.min(bytesMax ?? httpAnswerBytesMax, httpAnswerBytesMax)
  }
}

type Headers = OutgoingRequest['headers']

function withOurs(headers: Headers, hops: number): Headers {
  const names = new Set(headers.map(([name]) => name))
  const defaults: Headers = [
    ['user-agent', 'PiCloud'],
    ['accept', '*/*'],
    ['accept-encoding', ACCEPTED_CODINGS],
  ]
  return [...headers, ...defaults.filter(([name]) => !names.has(name)), [HOPS_FIELD, String(hops)]]
}

/** Repeated headers are one text, but cookies, whose values have commas of their own, a list. */
function headerMap(headers: ReceivedAnswer['headers']): HostValue {
  return new Map(
    Object.entries(headers).map(([name, value]): [string, HostValue] => {
      if (name === 'set-cookie') return [name, typeof value === 'string' ? [value] : [...value]]
      return [name, typeof value === 'string' ? value : value.join(', ')]
    }),
  )
}

function tooManyRedirects(max: number): HostServiceError {
  return new HostServiceError(
    'PIC_HTTP_REDIRECT',
    `The request was sent elsewhere more than ${max} times (redirects).`,
  )
}

function tooManyHops(): HostServiceError {
  return new HostServiceError(
    'PIC_HTTP_LOOP',
    `${HOPS_MAX} scripts sent requests to each other, or one to itself, and this would be one more.`,
  )
}
