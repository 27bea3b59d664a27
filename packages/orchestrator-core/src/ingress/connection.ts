/**
 * What all requests of one client connection share: who the peer is, and the executions that end
 * when it goes away.
 *
 * @module
 */
import type { Socket } from 'node:net'
import { plainAddress, type TrustedProxies } from './trusted-proxies.ts'

export class Connection {
  readonly peer: string
  /** Whether the peer may say for whom it speaks. */
  readonly trusted: boolean
  readonly encrypted: boolean
  readonly #socket: Socket
  readonly #executions = new Set<AbortController>()

  constructor(socket: Socket, proxies: TrustedProxies) {
    this.#socket = socket
    this.peer = plainAddress(socket.remoteAddress ?? '')
    this.trusted = proxies.includes(this.peer)
    this.encrypted = 'encrypted' in socket
    socket.once('close', () => this.#abortAll())
  }

  /** A signal for one execution, which the caller hands back to {@link ended}. */
  begin(): AbortController {
    const controller = new AbortController()
    if (this.#socket.destroyed) controller.abort()
    else this.#executions.add(controller)
    return controller
  }

  ended(controller: AbortController): void {
    this.#executions.delete(controller)
  }

  #abortAll(): void {
    for (const controller of this.#executions) controller.abort()
    this.#executions.clear()
  }
}
