/**
 * Formats of times: which letters mean what, and how long they may be.
 *
 * The letters are Unicode's, as luxon takes them. Those that depend on a language or on the sandbox
 * are left out, so that a text means the same wherever it is written and read.
 *
 * @module
 */
import { refusal } from '../../refusal.ts'

const FORMAT_UNITS_MAX = 100

const NUMBERS_OF_DATES = ['yyyy', 'yy', 'M', 'MM', 'd', 'dd', 'o', 'ooo', 'kkkk', 'W', 'WW', 'E']
const NAMES = ['MMM', 'MMMM', 'EEE', 'EEEE', 'a']
const NUMBERS_OF_TIMES = ['H', 'HH', 'h', 'hh', 'm', 'mm', 's', 'ss', 'S', 'SSS']
const OFFSETS = ['ZZ', 'ZZZ']

const READ: ReadonlySet<string> = new Set([
  ...NUMBERS_OF_DATES,
  ...NAMES,
  ...NUMBERS_OF_TIMES,
  ...OFFSETS,
])
/** Seconds and milliseconds since 1970, which are written and not read: they are numbers. */
const WRITTEN: ReadonlySet<string> = new Set([...READ, 'X', 'x'])

const PART = /'[^']*'|([A-Za-z])\1*|[^A-Za-z']+/gy

/** @throws RhaiError `PIC_TIME_FORMAT` */
export function checkFormat(format: string): void {
  for (const token of tokensIn(format)) {
    if (!WRITTEN.has(token)) throw unknown(token)
  }
}

/**
 * Of a format to read by. A letter stands in it once: two that could share digits between them in
 * many ways would take a time that doubles with each.
 *
 * @throws RhaiError `PIC_TIME_FORMAT`
 */
export function checkFormatToRead(format: string): void {
  const seen = new Set<string>()
  for (const token of tokensIn(format)) {
    if (!READ.has(token)) throw unknown(token)
    const letter = token.charAt(0)
    if (seen.has(letter)) throw refused(`${letter} stands in it twice`)
    seen.add(letter)
  }
}

/** Whether a text in that format says by itself when it is. */
export function saysOffset(format: string): boolean {
  return tokensIn(format).some((token) => OFFSETS.includes(token))
}

function tokensIn(format: string): readonly string[] {
  if (format.length > FORMAT_UNITS_MAX) {
    throw refused(`it is longer than ${FORMAT_UNITS_MAX} characters`)
  }
  const parts = [...format.matchAll(PART)]
  const length = parts.reduce((sum, [part]) => sum + part.length, 0)
  if (length < format.length) throw refused('a quote has no end')
  return parts.filter(([, letter]) => letter !== undefined).map(([part]) => part)
}

function unknown(token: string): unknown {
  return refused(`there is no ${token}; other letters stand in single quotes`)
}

function refused(why: string): unknown {
  return refusal('PIC_TIME_FORMAT', `The format is not valid: ${why}`)
}
