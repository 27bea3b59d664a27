/**
 * The sandboxes of this node in figures.
 *
 * @module
 */
import { byLabel, type Metric, only } from '@picloud/shared'
import type { LocalExecutor } from './executor.ts'

export function executorMetrics({
  sandboxes,
  spare,
  figures,
}: Pick<LocalExecutor, 'sandboxes' | 'spare' | 'figures'>): readonly Metric[] {
  const ready = sandboxes.filter(({ isReady }) => isReady)
  const busy = ready.filter(({ load }) => load > 0).length
  return [
    {
      name: 'picloud_sandboxes',
      type: 'gauge',
      help: 'Sandbox processes alive, by what they do.',
      samples: byLabel('state', [
        ['starting', sandboxes.length - ready.length],
        ['idle', ready.length - busy],
        ['busy', busy],
        ['spare', spare === null ? 0 : 1],
      ]),
    },
    {
      name: 'picloud_sandboxes_started_total',
      type: 'counter',
      help: 'Sandbox processes started, the first ones and those that replaced others.',
      samples: only(figures.started),
    },
    {
      name: 'picloud_sandboxes_recycled_total',
      type: 'counter',
      help: 'Sandbox processes replaced because of the memory they kept.',
      samples: only(figures.recycled),
    },
    {
      name: 'picloud_sandboxes_lost_total',
      type: 'counter',
      help: 'Sandbox processes that died or were killed, by reason.',
      samples: byLabel('reason', figures.lost),
    },
    {
      name: 'picloud_executions_waiting',
      type: 'gauge',
      help: 'Executions for which no sandbox has room yet.',
      samples: only(figures.waiting),
    },
  ]
}
