/**
 * What went wrong with a connection, in words and codes for scripts.
 *
 * @module
 */
import { HostServiceError } from '@picloud/shared'
import { errors } from 'undici'

interface Coded {
  readonly code?: unknown
  readonly message?: unknown
  readonly cause?: unknown
  readonly errors?: readonly unknown[]
}

/** Codes of Node and undici, and what scripts see of them. Anything else is the connection. */
const CODES: Readonly<Record<string, readonly [code: string, problem: string]>> = {
  ECONNREFUSED: ['PIC_HTTP_CONNECTION', 'nobody listens there'],
  ECONNRESET: ['PIC_HTTP_CONNECTION', 'the server broke it off'],
  EPIPE: ['PIC_HTTP_CONNECTION', 'the server broke it off'],
  UND_ERR_SOCKET: ['PIC_HTTP_CONNECTION', 'the server closed it before its answer was whole'],
  EHOSTUNREACH: ['PIC_HTTP_CONNECTION', 'no way leads there'],
  ENETUNREACH: ['PIC_HTTP_CONNECTION', 'no way leads there'],
  ETIMEDOUT: ['PIC_HTTP_CONNECTION', 'nobody answered there'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: [
    'PIC_HTTP_PROTOCOL',
    'the answer has another length than it says',
  ],
}
const TLS =
  /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/

export function connectionError(error: unknown): HostServiceError {
  const code = codeOf(error)
  if (TLS.test(code)) {
    return new HostServiceError(
      'PIC_HTTP_TLS',
      `The server cannot be trusted or understood (${code}).`,
    )
  }
  if (error instanceof errors.HTTPParserError) {
    return new HostServiceError('PIC_HTTP_PROTOCOL', 'The server did not keep to HTTP.')
  }
  const [shown, problem] = CODES[code] ?? ['PIC_HTTP_CONNECTION', code]
  return new HostServiceError(shown, `The connection failed: ${problem}.`)
}

function codeOf(error: unknown): string {
  const { code, cause, errors } = error as Coded
  // Several addresses were tried: each has its own.
  if (errors?.[0] !== undefined) return codeOf(errors[0])
  if (typeof code === 'string' && code !== '') return code
  return cause === undefined || cause === null ? 'unknown' : codeOf(cause)
}
