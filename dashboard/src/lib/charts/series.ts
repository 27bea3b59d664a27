/**
 * What a chart shows: values over steps of time that all have one length.
 *
 * @module
 */
import type { TimeSpan } from './ranges.ts'

export interface Series {
  readonly label: string
  /** One a step; null: there is none. */
  readonly values: readonly (number | null)[]
  readonly shape: 'bars' | 'line'
  /** A colour of the page's style, by its name there. */
  readonly colour: '--accent' | '--bad' | '--warn'
}

export interface Steps {
  /** When each begins, in order. */
  readonly starts: readonly Date[]
  readonly seconds: number
}

/** From the beginning of one step to the end of another, in either order. */
export function spanOfSteps({ starts, seconds }: Steps, one: number, other: number): TimeSpan {
  const since = starts[Math.min(one, other)] ?? new Date(0)
  const last = starts[Math.max(one, other)] ?? since
  return { since, until: new Date(last.getTime() + seconds * 1_000) }
}

/** The steps in which anything was, the newest first. */
export function stepsWithValues(series: readonly Series[]): readonly number[] {
  const count = series[0]?.values.length ?? 0
  return Array.from({ length: count }, (_, index) => count - 1 - index).filter((index) =>
    series.some(({ values }) => (values[index] ?? 0) !== 0),
  )
}

/** Where the values are highest; null where there are none but zero. */
export function highestStep(values: readonly (number | null)[]): number | null {
  let highest: number | null = null
  for (const [index, value] of values.entries()) {
    if ((value ?? 0) > (highest === null ? 0 : (values[highest] ?? 0))) highest = index
  }
  return highest
}

/** Values with none beside them: no line leads to them. */
export function loneSteps(values: readonly (number | null)[]): readonly number[] {
  const isThere = (index: number) => (values[index] ?? null) !== null
  return [...values.keys()].filter(
    (index) => isThere(index) && !isThere(index - 1) && !isThere(index + 1),
  )
}

/** Of the bars that stand at a step, the one that is meant by a height: the last that reaches it. */
export function barAt(series: readonly Series[], step: number, height: number): Series | undefined {
  return series.findLast(
    ({ shape, values }) =>
      shape === 'bars' && (values[step] ?? 0) > 0 && (values[step] ?? 0) >= height,
  )
}

/** Powers of ten a line of the grid may be apart: enough for thousandths, and for all that is counted. */
const FINEST = -3
const COARSEST = 15

/** How far apart lines of the grid may be, the finest first. Half a request is none. */
export function gridSteps(series: readonly Series[]): number[] {
  const isWhole = series.every(({ values }) =>
    values.every((value) => Number.isInteger(value ?? 0)),
  )
  const first = isWhole ? 0 : FINEST
  return Array.from({ length: COARSEST - first + 1 }, (_, index) => first + index).flatMap(
    (power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)),
  )
}
