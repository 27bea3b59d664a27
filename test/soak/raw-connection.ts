/**
 * A connection over which anything may be sent, however slowly, and on which nothing has to be
 * read.
 *
 * @module
 */
import { connect, type Socket } from 'node:net'

export class RawConnection {
  readonly #socket: Socket
  #received = ''
  #receivedAt = 0
  /** Why it could not be opened; empty while it could. */
  #fault = ''
  readonly closed: Promise<void>
  readonly opened: Promise<boolean>

  constructor(url: string) {
    const { port } = new URL(url)
    this.#socket = connect({ port: Number(port), host: '127.0.0.1' })
    this.#socket.on('error', (error: Error & { code?: string }) => {
      this.#fault = error.code ?? error.message
    })
    this.closed = new Promise((resolve) => this.#socket.once('close', () => resolve()))
    this.opened = Promise.race([
      new Promise<boolean>((resolve) => this.#socket.once('connect', () => resolve(true))),
      this.closed.then(() => false),
    ])
  }

  /** All that was received, a byte a character. */
  get received(): string {
    return this.#received
  }

  /** When something was received last, as of `performance.now()`; 0: nothing was. */
  get receivedAt(): number {
    return this.#receivedAt
  }

  get fault(): string {
    return this.#fault
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed
  }

  read(): this {
    this.#socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString('latin1')
      this.#receivedAt = performance.now()
    })
    return this
  }

  send(bytes: string): void {
    if (this.#socket.writable) this.#socket.write(bytes, 'latin1')
  }

  /** Says that nothing more will be sent. */
  end(): void {
    this.#socket.end()
  }

  drop(): void {
    this.#socket.destroy()
  }
}
