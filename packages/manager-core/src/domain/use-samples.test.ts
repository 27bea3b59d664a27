import { describe, expect, it } from 'vitest'
import { UseSamples } from './use-samples.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const START = Date.UTC(2026, 0, 1)

/** A program that sends a query each time something happens. */
function programUnderTest() {
  const program = { now: START, queries: 5, cpuSeconds: 1 as number | null, reads: 0 }
  const samples = new UseSamples(
    () => {
      program.reads += 1
      return { queries: program.queries, cpuSeconds: program.cpuSeconds }
    },
    () => program.now,
  )
  const happen = (afterMs: number) => {
    program.now += afterMs
    samples.note()
    program.queries += 1
    if (program.cpuSeconds !== null) program.cpuSeconds += 0.5
  }
  const shown = () => {
    const { since, until, ...use } = samples.lastHour()
    return { from: since.getTime() - START, to: until.getTime() - START, ...use }
  }
  return { program, happen, shown }
}

describe('what was used in about the last hour', () => {
  it('is counted from the start, as long as that is no hour ago', () => {
    const { happen, shown } = programUnderTest()
    happen(10 * MINUTE)
    happen(10 * MINUTE)
    expect(shown()).toEqual({ from: 0, to: 20 * MINUTE, queries: 2, cpuSeconds: 1 })
  })

  it('is read at most once a minute', () => {
    const { program, happen } = programUnderTest()
    for (let count = 0; count < 600; count += 1) happen(1_000)
    expect(program.reads).toBe(11)
  })

  it('then begins with what was noted an hour ago', () => {
    const { happen, shown } = programUnderTest()
    for (let count = 0; count < 180; count += 1) happen(MINUTE)
    expect(shown()).toEqual({ from: 2 * HOUR, to: 3 * HOUR, queries: 61, cpuSeconds: 30.5 })
  })

  it('covers all of a long rest, and says so', () => {
    const { program, happen, shown } = programUnderTest()
    happen(MINUTE)
    program.now += 5 * HOUR
    expect(shown()).toMatchObject({ from: MINUTE, to: 5 * HOUR + MINUTE, queries: 1 })
    happen(0)
    happen(MINUTE)
    expect(shown()).toMatchObject({ from: MINUTE, queries: 3 })
    happen(HOUR)
    expect(shown()).toMatchObject({ from: 5 * HOUR + 2 * MINUTE, queries: 2 })
  })

  it('does not know the time on processors where the system does not', () => {
    const { program, shown } = programUnderTest()
    program.cpuSeconds = null
    expect(shown().cpuSeconds).toBeNull()
  })

  it('takes less than before for nothing: a process that is gone took its sum along', () => {
    const { program, shown } = programUnderTest()
    program.cpuSeconds = 0.5
    expect(shown().cpuSeconds).toBe(0)
  })

  it('starts over when the clock is set back', () => {
    const { happen, shown } = programUnderTest()
    happen(2 * HOUR)
    happen(-HOUR)
    expect(shown()).toMatchObject({ from: HOUR, to: HOUR, queries: 1 })
  })
})
