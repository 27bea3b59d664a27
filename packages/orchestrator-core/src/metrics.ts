/**
 * A node's ingress in figures.
 *
 * @module
 */
import { byLabel, type Metric, only } from '@picloud/shared'
import { changeFeedMetric } from '@picloud/storage'
import type { OrchestratorState } from './orchestrator.ts'

export function ingressMetrics(state: OrchestratorState): readonly Metric[] {
  return [...requestMetrics(state), ...recordMetrics(state), ...routingMetrics(state)]
}

function requestMetrics({
  figures,
  underWay,
  refused,
  contentBytes,
}: OrchestratorState): readonly Metric[] {
  const { ok, error } = figures.executions
  return [
    {
      name: 'picloud_requests_total',
      type: 'counter',
      help: 'Requests answered by scripts or refused, by class of status; none: the client had gone.',
      samples: figures.answers.samples(),
    },
    {
      name: 'picloud_request_duration_seconds',
      type: 'histogram',
      help: 'From the head of a request that ran a script to its answer.',
      samples: figures.durations.samples(),
    },
    {
      name: 'picloud_requests_under_way',
      type: 'gauge',
      help: 'Requests to scripts not answered yet, waiting or running.',
      samples: only(underWay),
    },
    {
      name: 'picloud_streams_under_way',
      type: 'gauge',
      help: 'Streamed answers that have begun and not ended; their requests are under way.',
      samples: only(figures.streams),
    },
    {
      name: 'picloud_request_content_bytes',
      type: 'gauge',
      help: 'Content of requests under way, in memory.',
      samples: only(contentBytes),
    },
    {
      name: 'picloud_requests_refused_total',
      type: 'counter',
      help: 'Requests that found no room.',
      samples: only(refused),
    },
    {
      name: 'picloud_executions_total',
      type: 'counter',
      help: 'Executions that ended, by outcome.',
      samples: byLabel('outcome', [
        ['ok', ok],
        ['error', error],
      ]),
    },
    {
      name: 'picloud_execution_failures_total',
      type: 'counter',
      help: 'Executions with the outcome error, by code.',
      samples: byLabel('code', figures.failures),
    },
    {
      name: 'picloud_idempotent_requests_total',
      type: 'counter',
      help: 'Requests with a key on routes that take one, by what became of them.',
      samples: byLabel('result', figures.idempotent),
    },
  ]
}

function recordMetrics({ records }: OrchestratorState): readonly Metric[] {
  return [
    {
      name: 'picloud_records_waiting',
      type: 'gauge',
      help: 'Execution records not stored yet.',
      samples: only(records.waiting),
    },
    {
      name: 'picloud_records_written_total',
      type: 'counter',
      help: 'Execution records stored.',
      samples: only(records.written),
    },
    {
      name: 'picloud_records_lost_total',
      type: 'counter',
      help: 'Execution records that were lost, by reason.',
      samples: byLabel('reason', records.lostByReason),
    },
    {
      name: 'picloud_records_sampled_out_total',
      type: 'counter',
      help: 'Successes not recorded, because settings say that only some are.',
      samples: only(records.sampledOut),
    },
  ]
}

function routingMetrics(state: OrchestratorState): readonly Metric[] {
  return [
    {
      name: 'picloud_routing_loaded',
      type: 'gauge',
      help: 'Whether the routes are known, 1 or 0.',
      samples: only(Number(state.routingLoaded)),
    },
    changeFeedMetric(state.feedConnected),
    {
      name: 'picloud_apps',
      type: 'gauge',
      help: 'Apps that requests are routed to.',
      samples: only(state.apps),
    },
  ]
}
