/**
 * The process of a program in figures, read from the system when somebody asks.
 *
 * How busy the event loop was is what Node counts anyway: measuring its lag would need a timer,
 * and an idle program has none.
 *
 * @module
 */
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { byLabel, type Metric, only } from '@picloud/shared'
import { PRODUCT_VERSION } from './product-version.ts'

const MS_PER_SECOND = 1_000
const US_PER_SECOND = 1_000_000

export function processMetrics(): readonly Metric[] {
  const { user, system } = process.cpuUsage()
  const { active, idle } = performance.eventLoopUtilization()
  return [
    {
      name: 'picloud_build_info',
      type: 'gauge',
      help: 'Always 1; its labels are the versions of PiCloud and of Node.js.',
      samples: [{ labels: { version: PRODUCT_VERSION, node: process.versions.node }, value: 1 }],
    },
    {
      name: 'picloud_process_start_time_seconds',
      type: 'gauge',
      help: 'When the process started, in seconds since 1970.',
      samples: only(performance.timeOrigin / MS_PER_SECOND),
    },
    {
      name: 'picloud_process_cpu_seconds_total',
      type: 'counter',
      help: 'CPU time the process used, without its sandboxes and its database.',
      samples: only((user + system) / US_PER_SECOND),
    },
    {
      name: 'picloud_process_resident_memory_bytes',
      type: 'gauge',
      help: 'Memory of the process, without its sandboxes and its database.',
      samples: only(process.memoryUsage.rss()),
    },
    {
      name: 'picloud_event_loop_seconds_total',
      type: 'counter',
      help: 'Time the event loop was active, and idle.',
      samples: byLabel('state', [
        ['active', active / MS_PER_SECOND],
        ['idle', idle / MS_PER_SECOND],
      ]),
    },
  ]
}
