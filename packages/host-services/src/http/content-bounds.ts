/**
 * How much content of an answer may be kept.
 *
 * @module
 */
import { HostServiceError } from '@picloud/shared'

export interface ContentBounds {
  readonly bytesMax: number
  /** False when the node has no room for so many bytes more. */
  readonly reserve: (bytes: number) => boolean
}

export function noRoom(): HostServiceError {
  return new HostServiceError(
    'PIC_HTTP_BUSY',
    'There is no room for the answer: too much of others is in memory ' +
      '(PICLOUD_LIMIT_HTTP_CONTENT_BYTES).',
  )
}
