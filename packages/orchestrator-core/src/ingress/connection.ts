/**
 * What all requests of one client connection share: who the peer is, which response is the latest,
 * and the executions that end when it goes away.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Cancellation } from './cancellation.ts'
import { plainAddress, type TrustedProxies } from './trusted-proxies.ts'

export class Connection {
  readonly socket: Socket
  readonly peer: string
  /** Whether the peer may say for whom it speaks. */
  readonly trusted: boolean
  readonly encrypted: boolean
  readonly openedAt: number
  /**
   * To the request that came last; null before the first. Answers leave in the order of their
   * requests, so when this one has left, all have.
   */
  latest: ServerResponse | null = null
  /** When the head of that request was there. */
  latestAt = 0
  /** How often the parser made nothing of what came. */
  brokenPackets = 0
  /** Seldom more than one. */
  readonly #executions: Cancellation[] = []

  constructor(socket: Socket, proxies: TrustedProxies) {
    this.socket = socket
    this.peer = plainAddress(socket.remoteAddress ?? '')
    this.trusted = proxies.includes(this.peer)
    this.encrypted = 'encrypted' in socket
    this.openedAt = Date.now()
    socket.once('close', () => this.#abortAll())
  }

  /** Whether every answer has left or never will. */
  get isAnswered(): boolean {
    const { latest } = this
    return latest === null || latest.writableFinished || latest.destroyed
  }

  /** A signal for one execution, which the caller hands back to {@link ended}. */
  begin(): Cancellation {
    const cancellation = new Cancellation()
    if (this.socket.destroyed) cancellation.abort()
    else this.#executions.push(cancellation)
    return cancellation
  }

  ended(cancellation: Cancellation): void {
    const at = this.#executions.indexOf(cancellation)
    if (at !== -1) this.#executions.splice(at, 1)
  }

  #abortAll(): void {
    for (const cancellation of this.#executions.splice(0)) cancellation.abort()
  }
}
