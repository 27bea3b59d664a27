import { describe, expect, it } from 'vitest'
import { DurationHistogram } from './duration-histogram.ts'
import { byLabel, type Metric, only } from './metric.ts'
import { metricsText } from './metrics-text.ts'
import { NO_STATUS, StatusCounts } from './status-counts.ts'

function check(metric: Omit<Metric, 'help' | 'name'>, expected: readonly string[]): void {
  const lines = metricsText([{ name: 'picloud_x', help: 'What it is.', ...metric }]).split('\n')
  expect(lines).toEqual([
    '# HELP picloud_x What it is.',
    `# TYPE picloud_x ${metric.type}`,
    ...expected,
    '',
  ])
}

describe('metricsText', () => {
  it('writes a figure without labels, and one for each value of a label', () => {
    check({ type: 'gauge', samples: only(1.5) }, ['picloud_x 1.5'])
    check({ type: 'counter', samples: byLabel('a', [['b', 2]]) }, ['picloud_x{a="b"} 2'])
    check({ type: 'counter', samples: [] }, [])
  })

  it('escapes what would end a label', () => {
    check({ type: 'gauge', samples: byLabel('a', [['"\\\n', 1]]) }, ['picloud_x{a="\\"\\\\\\n"} 1'])
  })

  it('counts durations cumulatively, in seconds', () => {
    const histogram = new DurationHistogram()
    for (const ms of [-3, 5, 5.5, 700, 99_000]) histogram.observe(ms)
    const lines = metricsText([
      { name: 'picloud_x', type: 'histogram', help: 'x', samples: histogram.samples() },
    ]).split('\n')
    expect(lines).toContain('picloud_x_bucket{le="0.005"} 2')
    expect(lines).toContain('picloud_x_bucket{le="0.01"} 3')
    expect(lines).toContain('picloud_x_bucket{le="0.5"} 3')
    expect(lines).toContain('picloud_x_bucket{le="1"} 4')
    expect(lines).toContain('picloud_x_bucket{le="30"} 4')
    expect(lines).toContain('picloud_x_bucket{le="+Inf"} 5')
    expect(lines).toContain('picloud_x_sum 99.7105')
    expect(lines).toContain('picloud_x_count 5')
  })

  it('counts answers by the class of their status', () => {
    const counts = new StatusCounts()
    for (const status of [200, 204, 308, 404, 503, 599, NO_STATUS]) counts.count(status)
    check({ type: 'counter', samples: counts.samples() }, [
      'picloud_x{status="none"} 1',
      'picloud_x{status="2xx"} 2',
      'picloud_x{status="3xx"} 1',
      'picloud_x{status="4xx"} 1',
      'picloud_x{status="5xx"} 2',
    ])
  })
})
