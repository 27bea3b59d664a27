/**
 * Times as calendars see them: parts, steps and distances.
 *
 * A time is an INT: milliseconds since 1970 began in UTC. Days and what is longer are steps of the
 * calendar in a zone, and may have 23 or 25 hours; hours and what is shorter are always the same.
 *
 * @module
 */
import { type CallContext, mapMaker, type RhaiMap } from '@picloud/rhai'
import { refusal } from '../../refusal.ts'
import { Options } from '../options.ts'
import { instantOf, luxon, wallTimeOf, type Zone } from './zones.ts'

/** From the beginning of year 1 to the end of year 9999. */
const MS_MIN = -62_135_596_800_000
const MS_MAX = 253_402_300_799_999
/** As many milliseconds as there are between the two. */
const STEP_MAX = MS_MAX - MS_MIN
const OPERATIONS_PER_CALL = 200

const CALENDAR_UNITS = ['years', 'months', 'weeks', 'days'] as const
const EXACT_UNITS_MS = {
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1000,
  milliseconds: 1,
} as const
const EXACT_UNITS = Object.keys(EXACT_UNITS_MS) as (keyof typeof EXACT_UNITS_MS)[]
const UNITS = [...CALENDAR_UNITS, ...EXACT_UNITS]

const PART_NAMES = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const
const partsMap = mapMaker([
  ...PART_NAMES,
  'weekday',
  'day_of_year',
  'week',
  'week_year',
  'offset_minutes',
  'zone',
])

/** @throws RhaiError `PIC_TIME_RANGE` */
export function checkedTime(ms: number | bigint): number {
  if (ms >= MS_MIN && ms <= MS_MAX) return Number(ms)
  throw refusal('PIC_TIME_RANGE', 'A time is in the years 1 to 9999, as milliseconds since 1970')
}

export function partsOf(context: CallContext, ms: number, zone: Zone): RhaiMap {
  context.charge(OPERATIONS_PER_CALL)
  const wall = luxon().DateTime.fromMillis(wallTimeOf(zone, ms), { zone: 'utc' })
  return partsMap([
    ...PART_NAMES.map((name) => wall[name]),
    wall.weekday,
    wall.ordinal,
    wall.weekNumber,
    wall.weekYear,
    Math.round(zone.offsetAt(ms)),
    zone.name,
  ])
}

/** The time of `year`, `month` and so on; the first of what is left out. @throws RhaiError */
export function timeOfParts(context: CallContext, parts: RhaiMap, zone: Zone): number {
  context.charge(OPERATIONS_PER_CALL)
  const given = new Options(context, 'time::build', parts, PART_NAMES)
  const read = (name: (typeof PART_NAMES)[number], min: number, max: number) =>
    given.int(name, min, max) ?? min
  const year = read('year', 1, 9999)
  const month = read('month', 1, 12)
  const day = read('day', 1, daysIn(year, month))
  const wall = new Date(0)
  wall.setUTCFullYear(year, month - 1, day)
  wall.setUTCHours(read('hour', 0, 23), read('minute', 0, 59), read('second', 0, 59))
  wall.setUTCMilliseconds(read('millisecond', 0, 999))
  return checkedTime(instantOf(zone, wall.getTime()))
}

/** @throws RhaiError `PIC_OPTION_INVALID` for a unit that is none, `PIC_TIME_RANGE` */
export function addTo(context: CallContext, ms: number, step: RhaiMap, zone: Zone): number {
  context.charge(OPERATIONS_PER_CALL)
  const given = new Options(context, 'time::add', step, UNITS)
  const stepOf = (unit: string) => given.int(unit, -STEP_MAX, STEP_MAX) ?? 0
  const calendar = Object.fromEntries(CALENDAR_UNITS.map((unit) => [unit, stepOf(unit)]))
  let time = ms
  if (CALENDAR_UNITS.some((unit) => calendar[unit] !== 0)) {
    const wall = luxon().DateTime.fromMillis(wallTimeOf(zone, ms), { zone: 'utc' }).plus(calendar)
    time = checkedTime(wall.isValid ? instantOf(zone, checkedTime(wall.toMillis())) : MS_MAX + 1)
  }
  for (const unit of EXACT_UNITS) time = checkedTime(time + stepOf(unit) * EXACT_UNITS_MS[unit])
  return time
}

/** How many whole units from one time to another, negative when that is earlier. */
export function between(
  context: CallContext,
  { from, to, unit }: { readonly from: number; readonly to: number; readonly unit: string },
  zone: Zone,
): number {
  context.charge(OPERATIONS_PER_CALL)
  const exact = EXACT_UNITS.find((each) => each === unit)
  if (exact !== undefined) return Math.trunc((to - from) / EXACT_UNITS_MS[exact]) + 0
  const calendar = CALENDAR_UNITS.find((each) => each === unit)
  if (calendar === undefined) {
    throw refusal('PIC_TIME_UNIT', `There is no unit of time like that: it is ${UNITS.join(', ')}`)
  }
  const wall = (ms: number) => luxon().DateTime.fromMillis(wallTimeOf(zone, ms), { zone: 'utc' })
  return Math.trunc(wall(to).diff(wall(from), calendar).get(calendar)) + 0
}

function daysIn(year: number, month: number): number {
  const end = new Date(0)
  end.setUTCFullYear(year, month, 0)
  return end.getUTCDate()
}
