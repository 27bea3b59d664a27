/**
 * A node's ingress in numbers, in the text format that Prometheus reads (version 0.0.4).
 *
 * @module
 */
import type { OrchestratorState } from './orchestrator.ts'

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

type Metric = readonly [name: string, type: 'counter' | 'gauge', help: string, value: number]

export function metricsText(state: OrchestratorState): string {
  const { records } = state
  const metrics: readonly Metric[] = [
    ['routing_loaded', 'gauge', 'Whether this node knows the routes.', Number(state.routingLoaded)],
    ['feed_connected', 'gauge', 'Whether it hears of changes now.', Number(state.feedConnected)],
    ['apps', 'gauge', 'Apps this node routes to.', state.apps],
    ['requests_under_way', 'gauge', 'Requests to scripts not answered yet.', state.underWay],
    ['requests_refused_total', 'counter', 'Requests that found no room.', state.refused],
    ['records_waiting', 'gauge', 'Execution records not stored yet.', records.waiting],
    ['records_written_total', 'counter', 'Execution records stored.', records.written],
    ['records_lost_total', 'counter', 'Execution records that were lost.', records.lost],
  ]
  return metrics.map(linesOf).join('')
}

function linesOf([name, type, help, value]: Metric): string {
  const full = `picloud_${name}`
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${full} ${value}\n`
}
