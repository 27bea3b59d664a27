/**
 * The flag `--limit name=number` of whatever has limits of its own, and how limits are shown.
 *
 * @module
 */
import { type HeldLimit, OWN_LIMIT_KEYS, type OwnLimitKey, type OwnLimits } from '@picloud/shared'
import { UsageError } from '../errors.ts'
import { showTable } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** What is said for "nothing of its own", which the API has null for. */
const TAKEN_BACK = 'default'

export const LIMIT_FLAG = '--limit <name=number>'
export const LIMIT_FLAG_ABOUT =
  `a limit of its own, or ${TAKEN_BACK} to take it back; can be given more than once. ` +
  `Names: ${OWN_LIMIT_KEYS.join(', ')}`

export type LimitChanges = Readonly<Partial<Record<OwnLimitKey, number | null>>>

/** Reads one flag into those read before it. @throws UsageError */
export function readLimitFlag(text: string, before: LimitChanges = {}): LimitChanges {
  const [name = '', value = ''] = text.split(/=(.*)/s)
  const key = OWN_LIMIT_KEYS.find((known) => known === name)
  if (key === undefined) {
    const known = OWN_LIMIT_KEYS.join(', ')
    throw new UsageError(`--limit is "${text}"; it must begin with one of ${known}, and "=".`)
  }
  if (value === TAKEN_BACK) return { ...before, [key]: null }
  const number = Number(value)
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number)) {
    throw new UsageError(
      `--limit is "${text}"; after "=" there must be a whole number, or ${TAKEN_BACK}.`,
    )
  }
  return { ...before, [key]: number }
}

/** Rows for a table of settings. */
export function limitRows(limits: OwnLimits): [string, string][] {
  return OWN_LIMIT_KEYS.flatMap((key): [string, string][] =>
    limits[key] === undefined ? [] : [[`limit ${key}`, String(limits[key])]],
  )
}

export function showHeldLimits(terminal: Terminal, items: readonly HeldLimit[]): void {
  showTable(terminal, {
    header: ['LIMIT', 'VALUE', 'UNIT', 'SET BY', 'UP TO', 'BEYOND THAT'],
    rows: items.map(({ name, value, unit, source, ceiling, ceiling_setting }) => [
      name,
      String(value),
      unit,
      source,
      String(ceiling),
      ceiling_setting,
    ]),
    none: '',
  })
}
