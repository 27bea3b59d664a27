/**
 * What outgoing requests may use.
 *
 * @module
 */
import type { LimitName, Limits } from '@picloud/shared'

/** What a program whose scripts send requests has to read. */
export const HTTP_LIMITS = [
  'httpRequestsMax',
  'httpAppRequestsMax',
  'httpAnswerBytesMax',
  'httpContentBytesMax',
  'httpHeaderBytesMax',
  'httpIdleConnectionsMax',
] as const satisfies readonly LimitName[]

export type HttpLimits = Pick<Limits, (typeof HTTP_LIMITS)[number]>

/** As for requests that come in. */
export const URL_LENGTH_MAX = 8_192
export const HEADERS_MAX = 200
export const REDIRECTS_DEFAULT = 5
export const REDIRECTS_MAX = 20
/** Informational answers (1xx) before the real one. */
export const INFORMATIONAL_MAX = 16
/** Scripts that called scripts by way of HTTP, each in a request of the one before. */
export const HOPS_MAX = 8
