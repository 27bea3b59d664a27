/**
 * The one clock of a request: name server, connection, redirects and content, all within it.
 *
 * A request ends a little before its script does, so that the script can still say so.
 *
 * @module
 */
import { HostServiceError } from '@picloud/shared'

/** Left to the script of its time: a tenth, but not more than this. */
const RESERVE_MS_MAX = 500
const RESERVE_SHARE = 0.1

export class RequestClock {
  /** Its reason is what the script sees. */
  readonly signal: AbortSignal
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout
  readonly #outer: AbortSignal
  readonly #onAbort = () =>
    this.#controller.abort(new HostServiceError('PIC_HTTP_ABORTED', ABORTED))

  /** @param outer aborted when nobody waits for the answer any more */
  constructor(timeoutMs: number | null, deadlineAt: number, outer: AbortSignal) {
    const left = Math.max(deadlineAt - Date.now(), 0)
    const most = Math.ceil(left - Math.min(left * RESERVE_SHARE, RESERVE_MS_MAX))
    const ms = Math.min(timeoutMs ?? most, most)
    this.signal = this.#controller.signal
    this.#timer = setTimeout(() => this.#controller.abort(timedOut(ms)), ms)
    this.#outer = outer
    if (outer.aborted) this.#onAbort()
    else outer.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** What is awaited, or the end of time before it. */
  async race<T>(awaited: Promise<T>): Promise<T> {
    const { promise: ended, reject } = Promise.withResolvers<never>()
    const onAbort = () => reject(this.signal.reason)
    if (this.signal.aborted) onAbort()
    else this.signal.addEventListener('abort', onAbort, { once: true })
    try {
      return await Promise.race([awaited, ended])
    } finally {
      this.signal.removeEventListener('abort', onAbort)
      // What comes too late is of no interest, whatever it is.
      awaited.catch(() => {})
    }
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#outer.removeEventListener('abort', this.#onAbort)
  }
}

const ABORTED = 'Nobody waits for the answer any more.'

function timedOut(ms: number): HostServiceError {
  return new HostServiceError('PIC_HTTP_TIMEOUT', `There was no whole answer within ${ms} ms.`)
}
