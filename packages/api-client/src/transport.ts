/**
 * How the client reaches a server: the port that a program gives it.
 *
 * A transport adds the server's address and what proves who asks. It answers whatever the server
 * answered, redirects and errors included, and rejects when nothing answered in time.
 *
 * @module
 */

export type Transport = (request: ApiRequest) => Promise<ApiAnswer>

export interface ApiRequest {
  readonly method: string
  /** Begins with `/`; its parts are percent-encoded. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly deadlineMs?: number
}

export interface ApiAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
}
