/**
 * One measured figure and the bound it is asked to keep, if there is one.
 *
 * @module
 */
export interface Figure {
  readonly section: string
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly atLeast?: number
  readonly atMost?: number
}

function keepsBound({ value, atLeast, atMost }: Figure): boolean {
  return (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost)
}

export function lineOf(figure: Figure): string {
  const { name, value, unit, atLeast, atMost } = figure
  const bound = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ].join(', ')
  const verdict =
    bound === '' ? '' : keepsBound(figure) ? `ok (${bound})` : `NOT REACHED (${bound})`
  return `  ${name.padEnd(44)} ${numberOf(value).padStart(9)} ${unit.padEnd(11)} ${verdict}`.trimEnd()
}

/** Three digits that mean something. */
function numberOf(value: number): string {
  if (value >= 100) return value.toFixed(0)
  return value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3)
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
