/**
 * A time on the command line: as RFC 3339, as a date (its beginning in UTC), or as how long ago (`15m`,
 * `2h`, `7d`).
 *
 * @module
 */
import { z } from 'zod'
import { UsageError } from '../errors.ts'

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** @throws UsageError when the text is none of these */
export function momentOf(flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (count !== undefined && unit !== undefined) {
    return new Date(Date.now() - Number(count) * (UNIT_MS[unit] ?? 0)).toISOString()
  }
  if (z.iso.datetime({ offset: true }).safeParse(text).success) return text
  // The API wants seconds.
  if (z.iso.datetime({ offset: true, precision: -1 }).safeParse(text).success) {
    return new Date(text).toISOString()
  }
  if (z.iso.date().safeParse(text).success) return `${text}T00:00:00Z`
  throw new UsageError(
    `${flag} is "${text}"; give a time such as 2026-01-31 or 2026-01-31T12:00:00Z, or how long ago, such as 2h.`,
  )
}
