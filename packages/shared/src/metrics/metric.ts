/**
 * A figure that a program shows about itself, in the terms of Prometheus.
 *
 * Parts count in plain numbers and make metrics of them only when somebody asks, so that counting
 * costs an addition and nothing runs in between. Labels have few values, known beforehand: never
 * an app, a path or anything else that grows with use.
 *
 * @module
 */
export interface Metric {
  readonly name: `picloud_${string}`
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** One sentence; docs/reference/metrics.md repeats it. */
  readonly help: string
  readonly samples: readonly Sample[]
}

export interface Sample {
  /** What a histogram appends to its name: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

/** The sample of a metric that has only one. */
export function only(value: number): readonly Sample[] {
  return [{ value }]
}

/** One sample for each value of a label. */
export function byLabel(
  label: string,
  values: Iterable<readonly [value: string, count: number]>,
): readonly Sample[] {
  return Array.from(values, ([value, count]) => ({ labels: { [label]: value }, value: count }))
}
