/**
 * The requests of scripts on this node in figures.
 *
 * @module
 */
import { byLabel, type Metric, only } from '@picloud/shared'
import type { HttpService } from './http-service.ts'

export function httpMetrics({ figures }: Pick<HttpService, 'figures'>): readonly Metric[] {
  const { outcomes, underWay, connections } = figures
  return [
    {
      name: 'picloud_http_requests_total',
      type: 'counter',
      help: 'Requests by scripts that ended, by outcome: ok or the code of the error.',
      samples: byLabel('outcome', outcomes),
    },
    {
      name: 'picloud_http_requests_under_way',
      type: 'gauge',
      help: 'Requests by scripts not answered yet.',
      samples: only(underWay),
    },
    {
      name: 'picloud_http_connections',
      type: 'gauge',
      help: 'Connections to other servers, by what they do.',
      samples: byLabel('state', [
        ['busy', connections.open - connections.idle],
        ['idle', connections.idle],
      ]),
    },
  ]
}
