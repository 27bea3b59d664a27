/**
 * What outgoing requests may use.
 *
 * @module
 */
import type { Limits } from '@picloud/shared'

export type HttpLimits = Pick<
  Limits,
  | 'httpRequestsMax'
  | 'httpAppRequestsMax'
  | 'httpAnswerBytesMax'
  | 'httpContentBytesMax'
  | 'httpHeaderBytesMax'
  | 'httpIdleConnectionsMax'
>

/** As for requests that come in. */
export const URL_LENGTH_MAX = 8_192
export const HEADERS_MAX = 200
export const REDIRECTS_DEFAULT = 5
export const REDIRECTS_MAX = 20
/** Informational answers (1xx) before the real one. */
export const INFORMATIONAL_MAX = 16
/** Scripts that called scripts by way of HTTP, each in a request of the one before. */
export const HOPS_MAX = 8
