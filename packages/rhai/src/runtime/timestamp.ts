/**
 * Moving points in time by seconds: whole ones exactly, fractions to the millisecond.
 *
 * @module
 */

import { plainFloat } from './float-text.ts'
import { arithmeticError } from './raise.ts'
import { type Int, RhaiFloat, Timestamp } from './value.ts'

const MS_PER_SECOND = 1000
const SECONDS_MAX = 2 ** 63

/** A time later by `seconds`, which may be negative. */
export function shiftTime(time: Timestamp, seconds: Int | RhaiFloat): Timestamp {
  return seconds instanceof RhaiFloat
    ? shiftByFloat(time, seconds.value)
    : shiftByInt(time, Number(seconds), `adding ${seconds}`)
}

/** A time earlier by `seconds`, which may be negative. */
export function shiftTimeBack(time: Timestamp, seconds: Int | RhaiFloat): Timestamp {
  return seconds instanceof RhaiFloat
    ? shiftByFloat(time, -seconds.value)
    : shiftByInt(time, -Number(seconds), `subtracting ${seconds}`)
}

/** Seconds from `earlier` to `later`. */
export function secondsBetween(later: Timestamp, earlier: Timestamp): RhaiFloat {
  return new RhaiFloat((later.milliseconds - earlier.milliseconds) / MS_PER_SECOND)
}

function shiftByInt(time: Timestamp, seconds: number, what: string): Timestamp {
  const total = time.milliseconds / MS_PER_SECOND + seconds
  if (total >= SECONDS_MAX || total < -SECONDS_MAX) {
    throw arithmeticError(`Timestamp overflow when ${what} second(s)`)
  }
  return new Timestamp(time.milliseconds + seconds * MS_PER_SECOND)
}

function shiftByFloat(time: Timestamp, seconds: number): Timestamp {
  if (Math.abs(seconds) > SECONDS_MAX) {
    const verb = seconds < 0 ? 'subtract' : 'add'
    const shown = plainFloat(Math.abs(seconds))
    throw arithmeticError(`Integer overflow for timestamp ${verb}: ${shown}`)
  }
  const milliseconds = Number.isNaN(seconds) ? 0 : Math.trunc(seconds * MS_PER_SECOND)
  return new Timestamp(time.milliseconds + milliseconds)
}
