/**
 * One request and its response on the way through ingress, with what was found out about them.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ExecutionId, type RequestLogFields, requestLogFields } from '@picloud/shared'
import type { CorsPolicy } from '../routing/cors-policy.ts'
import type { Connection } from './connection.ts'
import { makeExecutionId } from './execution-ids.ts'
import { type RequestHead, readHead } from './request-head.ts'

export interface ExchangeStart {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly connection: Connection
  /** Whether the client waits for `100 Continue` before it sends the content. */
  readonly expectsContinue: boolean
}

export class Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly connection: Connection
  readonly expectsContinue: boolean
  readonly arrivedAt: number
  /** Names the request and, when it comes to that, its execution: one id finds both. */
  readonly id: ExecutionId
  readonly method: string
  readonly head: RequestHead
  /** Of the app that answers, once it is known. */
  cors: CorsPolicy | null = null

  constructor(start: ExchangeStart) {
    this.request = start.request
    this.response = start.response
    this.connection = start.connection
    this.expectsContinue = start.expectsContinue
    this.arrivedAt = Date.now()
    this.id = makeExecutionId(this.arrivedAt)
    this.method = start.request.method ?? ''
    this.head = readHead(start.request.rawHeaders)
  }

  /** What its log lines begin with. Made when there is something to log, which is seldom. */
  get logFields(): RequestLogFields {
    return requestLogFields(this.id, this.head.headers.traceparent)
  }
}
