/**
 * `time::`, when it is, was and will be, anywhere.
 *
 *     time::now()                                milliseconds since 1970 began in UTC
 *     time::format(ms)                           text of RFC 3339, in UTC
 *     time::format(ms, format), (.., zone)
 *     time::parse(text)                          of a text of RFC 3339
 *     time::parse(text, format), (.., zone)
 *     time::add(ms, step), (.., zone)            step: `#{ months: 1, days: -3 }`
 *     time::diff(from, to, unit), (.., zone)     whole units between two times
 *     time::parts(ms), (ms, zone)                map of year, month, ...
 *     time::build(parts), (parts, zone)          the other way
 *
 * A zone is a name of the IANA's database, `UTC` unless it is given. See `time/zones.ts` for hours
 * that a zone has twice or not at all.
 *
 * @module
 */
import { type CallContext, type HostModule, hostFunction, INT, MAP, STRING } from '@picloud/rhai'
import { chargeUnits } from '../charge.ts'
import { quoted } from '../quoted.ts'
import { refusal } from '../refusal.ts'
import { addTo, between, checkedTime, partsOf, timeOfParts } from './time/calendar.ts'
import { checkFormat, checkFormatToRead, saysOffset } from './time/time-format.ts'
import { instantOf, luxon, UTC, type Zone, zoneOf } from './time/zones.ts'

const TEXT_UNITS_MAX = 200
const OPERATIONS_PER_TEXT = 1000
const SHOWN_MAX = 80
const RFC_3339 =
  /^\d{4}-\d\d-\d\d[Tt ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

export const TIME_MODULE: HostModule = {
  functions: {
    now: hostFunction([], () => Date.now()),
    format: [
      hostFunction([INT], (_context, ms) => new Date(checkedTime(ms)).toISOString()),
      hostFunction([INT, STRING], (context, ms, format) => written(context, ms, format, UTC)),
      hostFunction([INT, STRING, STRING], (context, ms, format, zone) =>
        written(context, ms, format, zoneOf(context, zone)),
      ),
    ],
    parse: [
      hostFunction([STRING], (context, text) => readRfc3339(context, text)),
      hostFunction([STRING, STRING], (context, text, format) => read(context, text, format, UTC)),
      hostFunction([STRING, STRING, STRING], (context, text, format, zone) =>
        read(context, text, format, zoneOf(context, zone)),
      ),
    ],
    add: [
      hostFunction([INT, MAP], (context, ms, step) => addTo(context, checkedTime(ms), step, UTC)),
      hostFunction([INT, MAP, STRING], (context, ms, step, zone) =>
        addTo(context, checkedTime(ms), step, zoneOf(context, zone)),
      ),
    ],
    diff: [
      hostFunction([INT, INT, STRING], (context, from, to, unit) =>
        between(context, { from: checkedTime(from), to: checkedTime(to), unit }, UTC),
      ),
      hostFunction([INT, INT, STRING, STRING], (context, from, to, unit, zone) => {
        const times = { from: checkedTime(from), to: checkedTime(to), unit }
        return between(context, times, zoneOf(context, zone))
      }),
    ],
    parts: [
      hostFunction([INT], (context, ms) => partsOf(context, checkedTime(ms), UTC)),
      hostFunction([INT, STRING], (context, ms, zone) =>
        partsOf(context, checkedTime(ms), zoneOf(context, zone)),
      ),
    ],
    build: [
      hostFunction([MAP], (context, parts) => timeOfParts(context, parts, UTC)),
      hostFunction([MAP, STRING], (context, parts, zone) =>
        timeOfParts(context, parts, zoneOf(context, zone)),
      ),
    ],
  },
}

function written(context: CallContext, at: number | bigint, format: string, zone: Zone): string {
  const ms = checkedTime(at)
  checkFormat(format)
  context.charge(OPERATIONS_PER_TEXT)
  const options = { zone: zone.systemName, locale: 'en-US', numberingSystem: 'latn' } as const
  return luxon().DateTime.fromMillis(ms, options).toFormat(format)
}

/** Nothing is guessed: the date must exist, and the offset must be there. */
function readRfc3339(context: CallContext, text: string): number {
  chargeUnits(context, Math.min(text.length, TEXT_UNITS_MAX), 4)
  const wall = RFC_3339.test(text) ? new Date(`${text.slice(0, 10)}T00:00:00Z`) : undefined
  const isDate = wall !== undefined && wall.toJSON()?.startsWith(text.slice(0, 10)) === true
  if (!isDate) throw unreadable(context, text, 'RFC 3339, such as 2024-05-01T12:00:00Z')
  return checkedTime(Date.parse(text.toUpperCase().replace(' ', 'T')))
}

function read(context: CallContext, text: string, format: string, zone: Zone): number {
  checkFormatToRead(format)
  context.charge(OPERATIONS_PER_TEXT)
  if (text.length > TEXT_UNITS_MAX) throw unreadable(context, text, format)
  const options = { zone: 'utc', setZone: true, locale: 'en-US', numberingSystem: 'latn' } as const
  const time = luxon().DateTime.fromFormat(text, format, options)
  if (!time.isValid) throw unreadable(context, text, format)
  const ms = time.toMillis()
  return checkedTime(saysOffset(format) ? ms : instantOf(zone, checkedTime(ms)))
}

function unreadable(context: CallContext, text: string, format: string): unknown {
  const shown = JSON.stringify(quoted(context, text, SHOWN_MAX))
  return refusal('PIC_TIME_TEXT', `${shown} is no time in the form ${format}`)
}
