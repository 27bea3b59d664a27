/**
 * The trace a request belongs to, as its client tells it (W3C Trace Context, header `traceparent`).
 *
 * https://www.w3.org/TR/trace-context/#traceparent-header
 *
 * @module
 */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits: what the client was doing when it sent the request. */
  readonly spanId: string
}

const TRACEPARENT =
  /^(?<version>[\da-f]{2})-(?<traceId>[\da-f]{32})-(?<spanId>[\da-f]{16})-[\da-f]{2}(?<more>-.*)?$/

/**
 * Null for what is not valid and so to be ignored. A later version than `00` may say more behind a
 * further dash; what this one knows is read from it (section 4, "Versioning").
 */
export function parseTraceparent(value: string): TraceContext | null {
  const { version, traceId = '', spanId = '', more } = TRACEPARENT.exec(value)?.groups ?? {}
  if (version === undefined || version === 'ff') return null
  if (version === '00' && more !== undefined) return null
  return isZero(traceId) || isZero(spanId) ? null : { traceId, spanId }
}

/** By what every log line of a request is found. */
export interface RequestLogFields {
  readonly request_id: string
  readonly trace_id?: string
  readonly span_id?: string
}

/** @param traceparent the header, or undefined where there is none */
export function requestLogFields(
  requestId: string,
  traceparent: string | undefined,
): RequestLogFields {
  const trace = traceparent === undefined ? null : parseTraceparent(traceparent)
  return trace === null
    ? { request_id: requestId }
    : { request_id: requestId, trace_id: trace.traceId, span_id: trace.spanId }
}

function isZero(digits: string): boolean {
  return /^0*$/.test(digits)
}
