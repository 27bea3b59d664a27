/**
 * A client that writes exactly the bytes a test gives it and reads answers off the socket, so that
 * a test can send what no HTTP library would.
 *
 * @module
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** All of them in the order they came, names in lower case. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** Every `set-cookie` field. */
  readonly cookies: readonly string[]
  readonly body: Buffer
}

export class RawClient {
  readonly #socket: Socket
  #received = Buffer.alloc(0)
  #ended = false
  #failure: Error | null = null
  #wake: () => void = () => {}

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#wake()
    })
    socket.on('error', (error) => {
      this.#failure = error
    })
    for (const event of ['end', 'close']) {
      socket.on(event, () => {
        this.#ended = true
        this.#wake()
      })
    }
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new RawClient(socket)
  }

  send(data: string | Uint8Array): void {
    this.#socket.write(data)
  }

  /** Goes away without a word. */
  drop(): void {
    this.#socket.destroy()
  }

  /** Says that nothing more comes, and goes on reading. */
  halfClose(): void {
    this.#socket.end()
  }

  halfCloseAfter(ms: number): void {
    setTimeout(() => this.#socket.end(), ms)
  }

  /** Takes nothing more of what is sent to it. */
  pause(): void {
    this.#socket.pause()
  }

  /** The next answer; `bare`: it has a head only, as for HEAD. */
  async answer(options: { readonly bare?: boolean } = {}): Promise<RawAnswer> {
    const headEnd = await this.#until(() => {
      const end = this.#received.indexOf('\r\n\r\n')
      return end === -1 ? null : end
    })
    const [statusLine = '', ...lines] = this.#received.toString('latin1', 0, headEnd).split('\r\n')
    const fields = lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
    })
    const headers = Object.fromEntries(fields)
    const start = headEnd + 4
    const isBare = options.bare === true || statusLine.startsWith('HTTP/1.1 304')
    const length = isBare ? 0 : Number(headers['content-length'] ?? 0)
    await this.#until(() => (this.#received.length >= start + length ? true : null))
    const body = this.#received.subarray(start, start + length)
    this.#received = this.#received.subarray(start + length)
    const cookies = fields.filter(([name]) => name === 'set-cookie').map(([, value]) => value)
    return { status: Number(statusLine.split(' ')[1]), headers, fields, cookies, body }
  }

  /**
   * Resolves when the server has closed the connection, with what came after the last answer.
   * Throws when it was reset instead.
   */
  async closed(): Promise<string> {
    await this.#until(() => (this.#ended ? true : null), { endIsFine: true })
    this.#socket.destroy()
    if (this.#failure !== null) throw this.#failure
    return this.#received.toString('latin1')
  }

  async #until<T>(
    read: () => T | null,
    options: { readonly endIsFine?: boolean } = {},
  ): Promise<T> {
    for (;;) {
      const value = read()
      if (value !== null) return value
      if (this.#ended && options.endIsFine !== true) {
        throw new Error(`The connection ended after ${JSON.stringify(String(this.#received))}`)
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
