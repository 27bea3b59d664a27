/**
 * The flags of `picloud routes` that say what is done with requests that are sent again.
 *
 * @module
 */
import {
  IDEMPOTENCY_HEADER,
  type RouteIdempotency,
  writtenRouteIdempotencySchema,
} from '@picloud/shared'
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'

const ON = 'on'
const OFF = 'off'

export interface IdempotencyFlags {
  readonly idempotency?: string
  readonly idempotencyRequired?: true
}

export function addIdempotencyFlags(command: Command): Command {
  return command
    .option(
      '--idempotency <header>',
      `run a request once however often it is sent, by the key in this header; ${ON}: ` +
        `${IDEMPOTENCY_HEADER}; ${OFF}: run it each time`,
    )
    .option('--idempotency-required', 'refuse requests without a key; needs --idempotency')
}

/** Undefined where no flag is given; null turns it off. @throws UsageError */
export function idempotencyOf(flags: IdempotencyFlags): RouteIdempotency | null | undefined {
  const { idempotency, idempotencyRequired } = flags
  const required = idempotencyRequired === true
  if (idempotency === undefined || idempotency === OFF) {
    if (required) throw new UsageError('--idempotency-required needs --idempotency <header>.')
    return idempotency === undefined ? undefined : null
  }
  const header = idempotency === ON ? IDEMPOTENCY_HEADER : idempotency
  const parsed = writtenRouteIdempotencySchema.safeParse({ header, required })
  if (parsed.success) return parsed.data
  throw new UsageError(`--idempotency: ${parsed.error.issues[0]?.message ?? 'is wrong'}`)
}
