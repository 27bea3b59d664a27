/**
 * How far back charts look: the choices, the addresses that name them, and the moments they stand for.
 *
 * @module
 */

export interface ChartRange {
  /** As the address of the page names it. */
  readonly name: string
  /** After "the last". */
  readonly text: string
  readonly seconds: number
  /** Length of what one bar stands for. */
  readonly stepSeconds: number
  /** How often it is worth looking again, in milliseconds. */
  readonly refreshMs: number
}

const DAY = 86_400

export const DEFAULT_RANGE: ChartRange = {
  ...{ name: '24h', text: '24 hours' },
  ...{ seconds: DAY, stepSeconds: 1_800, refreshMs: 60_000 },
}

export const RANGES: readonly ChartRange[] = [
  { name: '1h', text: 'hour', seconds: 3_600, stepSeconds: 60, refreshMs: 15_000 },
  DEFAULT_RANGE,
  { name: '7d', text: '7 days', seconds: 7 * DAY, stepSeconds: 10_800, refreshMs: 300_000 },
  { name: '30d', text: '30 days', seconds: 30 * DAY, stepSeconds: DAY / 2, refreshMs: 900_000 },
]

const PARAMETER = 'range'

export function rangeIn(query: URLSearchParams): ChartRange {
  const name = query.get(PARAMETER)
  return RANGES.find((range) => range.name === name) ?? DEFAULT_RANGE
}

export function namesRange(query: URLSearchParams): boolean {
  return query.has(PARAMETER)
}

/** The same address with another range; the default one is not named. */
export function withRange(query: URLSearchParams, range: ChartRange): string {
  const changed = new URLSearchParams(query)
  changed.delete(PARAMETER)
  if (range !== DEFAULT_RANGE) changed.set(PARAMETER, range.name)
  return `?${changed}`
}

export interface TimeSpan {
  readonly since: Date
  /** Not included. */
  readonly until: Date
}

/** Ends with the step that is under way, so that all begin at round times of the viewer's clock. */
export function spanOf(range: ChartRange, now: Date): TimeSpan {
  const zoneMs = now.getTimezoneOffset() * 60_000
  const stepMs = range.stepSeconds * 1_000
  const until = (Math.floor((now.getTime() - zoneMs) / stepMs) + 1) * stepMs + zoneMs
  return { since: new Date(until - range.seconds * 1_000), until: new Date(until) }
}

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const day = new Intl.DateTimeFormat(undefined, {
  ...{ month: 'short', day: 'numeric' },
  ...{ hour: 'numeric', minute: '2-digit' },
})

const date = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })

/** For an axis: the time of the day, and the date where a day begins. */
export function momentText(moment: Date): string {
  const isMidnight = moment.getHours() === 0 && moment.getMinutes() === 0
  return (isMidnight ? date : clock).format(moment)
}

/** `14:30 – 15:00`, with the day where steps are long. */
export function spanText({ since, until }: TimeSpan): string {
  const isLong = until.getTime() - since.getTime() > DEFAULT_RANGE.stepSeconds * 1_000
  return isLong ? day.formatRange(since, until) : clock.formatRange(since, until)
}
