import { assert, asyncProperty, constantFrom, integer, sample, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { moduleRuns } from './module-runs.contract.ts'

const { value, text, caught, operations, limit } = moduleRuns()

const T = Date.UTC(2024, 4, 1, 12, 34, 56, 789)
const BERLIN = '"Europe/Berlin"'
const at = (wall: string, zone = BERLIN) => `time::parse("${wall}", "yyyy-MM-dd HH:mm", ${zone})`
const iso = (source: string) => `time::format(${source})`

describe('time::', () => {
  it('knows when it is', async () => {
    const now = Number(await text('time::now()'))
    expect(Math.abs(Date.now() - now)).toBeLessThan(60_000)
  })

  it.each([
    [iso(String(T)), '2024-05-01T12:34:56.789Z'],
    [iso('-1'), '1969-12-31T23:59:59.999Z'],
    [
      `time::format(${T}, "yyyy-MM-dd'T'HH:mm:ss.SSSZZ", ${BERLIN})`,
      '2024-05-01T14:34:56.789+02:00',
    ],
    [
      `time::format(${T}, "EEEE, d MMMM yy, h:mm a '(daily)'", "America/New_York")`,
      'Wednesday, 1 May 24, 8:34 AM (daily)',
    ],
    [
      `time::format(${T}, "kkkk-'W'WW-E ooo X x", "Asia/Kathmandu")`,
      `2024-W18-3 122 ${Math.floor(T / 1000)} ${T}`,
    ],
    ['time::parse("2024-05-01T14:34:56.789+02:00")', String(T)],
    ['time::parse("2024-05-01t12:34:56.789z")', String(T)],
    ['time::parse("1969-12-31 23:59:59.9Z")', '-100'],
    ['time::parse("01.05.2024 14:34", "dd.MM.yyyy HH:mm", "Europe/Berlin")', String(T - 56_789)],
    [
      'time::parse("1 May 2024, 2 PM -0530", "d MMM yyyy, h a ZZZ", "Europe/Berlin")',
      String(Date.UTC(2024, 4, 1, 19, 30)),
    ],
    // The clock is set forward at 2:00, and back at 3:00.
    [iso(at('2024-03-31 01:59')), '2024-03-31T00:59:00.000Z'],
    [iso(at('2024-03-31 02:30')), '2024-03-31T01:30:00.000Z'],
    [iso(at('2024-03-31 03:00')), '2024-03-31T01:00:00.000Z'],
    [iso(at('2024-10-27 02:30')), '2024-10-27T00:30:00.000Z'],
    [iso(at('2024-10-27 03:00')), '2024-10-27T02:00:00.000Z'],
    [iso(at('2024-11-03 01:30', '"America/New_York"')), '2024-11-03T05:30:00.000Z'],
    // Half an hour, and a day that was left out.
    [iso(at('2024-10-06 02:15', '"Australia/Lord_Howe"')), '2024-10-05T15:45:00.000Z'],
    [iso(at('2011-12-30 12:00', '"Pacific/Apia"')), '2011-12-30T22:00:00.000Z'],
    [
      iso(`time::add(${at('2024-03-30 02:30')}, #{ days: 1 }, ${BERLIN})`),
      '2024-03-31T01:30:00.000Z',
    ],
    [
      iso(`time::add(${at('2024-03-30 12:00')}, #{ days: 1 }, ${BERLIN})`),
      '2024-03-31T10:00:00.000Z',
    ],
    [
      iso(`time::add(${at('2024-03-30 12:00')}, #{ hours: 24 }, ${BERLIN})`),
      '2024-03-31T11:00:00.000Z',
    ],
    [
      iso(`time::add(${at('2024-10-27 02:30')}, #{ hours: 1 }, ${BERLIN})`),
      '2024-10-27T01:30:00.000Z',
    ],
    [
      iso('time::add(time::parse("2024-01-31T00:00:00Z"), #{ months: 1 })'),
      '2024-02-29T00:00:00.000Z',
    ],
    [
      iso(
        'time::add(time::parse("2024-02-29T00:00:00Z"), #{ years: -1, days: 1, milliseconds: -1 })',
      ),
      '2023-02-28T23:59:59.999Z',
    ],
    [iso('time::add(0, #{})'), '1970-01-01T00:00:00.000Z'],
    [`time::diff(${at('2024-03-30 12:00')}, ${at('2024-03-31 12:00')}, "days", ${BERLIN})`, '1'],
    [`time::diff(${at('2024-03-30 12:00')}, ${at('2024-03-31 12:00')}, "hours", ${BERLIN})`, '23'],
    [
      'time::diff(time::parse("2024-01-31T00:00:00Z"), time::parse("2024-02-29T00:00:00Z"), "months")',
      '1',
    ],
    [
      'time::diff(time::parse("2024-03-01T00:00:00Z"), time::parse("2020-02-29T00:00:00Z"), "years")',
      '-4',
    ],
    ['time::diff(1, 0, "seconds")', '0'],
    [
      iso(
        'time::build(#{ year: 2024, month: 2, day: 29, hour: 23, minute: 59, second: 59, millisecond: 999 })',
      ),
      '2024-02-29T23:59:59.999Z',
    ],
    [iso('time::build(#{ year: 1 })'), '0001-01-01T00:00:00.000Z'],
    ['time::parts(0, "europe/berlin").hour', '1'],
    ['time::parts(0, "Asia/Kathmandu").zone', 'Asia/Kathmandu'],
  ])('%s', async (source, expected) => {
    expect(await text(source)).toBe(expected)
  })

  it('takes a time apart', async () => {
    expect(await value(`time::parts(${T}, "America/New_York")`)).toEqual({
      year: 2024,
      month: 5,
      day: 1,
      hour: 8,
      minute: 34,
      second: 56,
      millisecond: 789,
      weekday: 3,
      day_of_year: 122,
      week: 18,
      week_year: 2024,
      offset_minutes: -240,
      zone: 'America/New_York',
    })
  })

  it.each<readonly [string, string | RegExp]>([
    ['time::parts(0, "Europe/Atlantis")', 'PIC_TIME_ZONE: There is no time zone "Europe/Atlantis"'],
    ...['local', 'system', 'default', '', '+02:00', '../etc/passwd', '__proto__', 'Etc/GMT+99'].map(
      (zone) => [`time::parts(0, "${zone}")`, /PIC_TIME_ZONE/] as const,
    ),
    [
      'time::format(0, "yyyy q")',
      'PIC_TIME_FORMAT: The format is not valid: there is no q; other letters stand in single quotes',
    ],
    ['time::format(0, "DDDD")', /PIC_TIME_FORMAT/],
    [`time::format(0, "'open")`, 'PIC_TIME_FORMAT: The format is not valid: a quote has no end'],
    ['let f = ""; f.pad(101, "-"); time::format(0, f)', /PIC_TIME_FORMAT.*longer than 100/],
    ['time::format(0, "z")', /PIC_TIME_FORMAT/],
    ['time::parse("1", "x")', /PIC_TIME_FORMAT/],
    [
      'time::parse("11", "d H d")',
      'PIC_TIME_FORMAT: The format is not valid: d stands in it twice',
    ],
    [
      'time::parse("2024-02-30", "yyyy-MM-dd")',
      'PIC_TIME_TEXT: "2024-02-30" is no time in the form yyyy-MM-dd',
    ],
    ...[
      '2024-05-01',
      '2024-05-01T12:00:00',
      '2024-02-30T00:00:00Z',
      '2024-05-01T24:00:00Z',
      '2024-05-01T12:00:60Z',
      '2024-13-01T00:00:00Z',
      '2024-05-01T12:00:00+2:00',
      '20240501T120000Z',
      '2024-05-01T12:00:00.Z',
      '',
    ].map(
      (it) =>
        [`time::parse("${it}")`, /PIC_TIME_TEXT: .* is no time in the form RFC 3339/] as const,
    ),
    ['time::parse("0000-01-01T00:00:00Z")', /PIC_TIME_RANGE/],
    ['time::format(9223372036854775807)', /PIC_TIME_RANGE/],
    ['time::add(0, #{ years: 8030 })', /PIC_TIME_RANGE/],
    ['time::add(0, #{ years: 99999999 })', /PIC_TIME_RANGE/],
    ['time::add(0, #{ month: 1 })', /PIC_OPTION_INVALID/],
    ['time::add(0, #{ days: 1.5 })', /PIC_OPTION_INVALID/],
    ['time::diff(0, 1, "centuries")', /PIC_TIME_UNIT/],
    [
      'time::build(#{ year: 2023, month: 2, day: 29 })',
      /PIC_OPTION_INVALID: time::build takes an INT from 1 to 28 as day/,
    ],
    ['time::build(#{ year: 0 })', /PIC_OPTION_INVALID/],
  ])('refuses %s', async (expression, expected) => {
    const message = await caught(expression)
    if (typeof expected === 'string') expect(message).toBe(expected)
    else expect(message).toMatch(expected)
  })

  it('reads what it writes, and builds what it takes apart', async () => {
    const zone = constantFrom(
      'Europe/Berlin',
      'America/St_Johns',
      'Pacific/Apia',
      'Asia/Kolkata',
      'UTC',
    )
    const times = sample(tuple(integer({ min: -1e9, max: 253e9 }), zone), 200)
    const source = `json::parse(request.body).map(|c| {
      let ms = c[0] * 1000 + 123;
      let form = "yyyy-MM-dd HH:mm:ss.SSS ZZ";
      let p = time::parts(ms, c[1]);
      for name in ["weekday", "day_of_year", "week", "week_year", "offset_minutes", "zone"] { p.remove(name); }
      let built = time::build(p, c[1]);
      // Of an hour that comes twice the first is built.
      [
        time::parse(time::format(ms)) == ms,
        ms - built == 0 || time::format(built, "HH:mm:ss", c[1]) == time::format(ms, "HH:mm:ss", c[1]),
        time::parse(time::format(ms, form, "Asia/Kolkata"), form) / 1000 == ms / 1000,
        time::add(time::add(ms, #{ days: 400, hours: 5 }), #{ days: -400, hours: -5 }) == ms,
      ]
    })`
    const found = await value(source, JSON.stringify(times))
    for (const each of found as boolean[][]) expect(each).toEqual([true, true, true, true])
  })

  it('adds in zones as the calendar does', async () => {
    await assert(
      asyncProperty(
        integer({ min: 0, max: 2_000_000 }),
        integer({ min: -400, max: 400 }),
        async (hours, days) => {
          const zone = BERLIN
          const source = `let a = ${hours * 3_600_000}; let b = time::add(a, #{ days: ${days} }, ${zone});
          [time::diff(a, b, "days", ${zone}), time::parts(a, ${zone}).hour, time::parts(b, ${zone}).hour]`
          const [between, hour = 0, after = 0] = (await value(source)) as number[]
          expect(after - hour).toBeGreaterThanOrEqual(0)
          expect(after - hour).toBeLessThanOrEqual(1)
          expect(between).toBe(days)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('costs the same whoever has used a zone before', async () => {
    const source = 'time::parts(0, "Africa/Cairo").hour'
    expect(await operations(source)).toBe(await operations(source))
    expect(
      await limit('loop { time::parts(0, "Africa/Cairo") }', { operationsMax: 100_000 }),
    ).toMatch(/operations/)
  })

  it('ends in time for every zone there is, and forms that could be read in many ways', async () => {
    const zones = JSON.stringify(Intl.supportedValuesOf('timeZone'))
    const all =
      'let n = 0; for z in json::parse(request.body) { n += time::parts(0, z).year; } n > 0'
    expect(await value(all, zones)).toBe(true)
    const digits = '1'.repeat(100)
    const many = `let t = 0; try { time::parse("${digits}!", "dMHhmsS") } catch { t = 1; } t`
    expect(await value(many)).toBe(1)
  })
})
