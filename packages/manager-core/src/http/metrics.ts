/**
 * `GET /metrics`: what this program counts, for Prometheus, behind the guard of the API.
 *
 * It is no operation of the API: its answer is text whose form others have laid down, and what it
 * says is of this process alone.
 *
 * @module
 */
import {
  DurationHistogram,
  METRICS_CONTENT_TYPE,
  type Metric,
  metricsText,
  StatusCounts,
} from '@picloud/shared'
import type { FastifyInstance, FastifyRequest } from 'fastify'

const PATH = '/metrics'

export interface MetricsOptions {
  /** Resolves for who may read, and rejects with the error the others get. */
  readonly requireReader: (request: FastifyRequest) => Promise<unknown>
  /** What the other parts of the program count. */
  readonly others: () => readonly Metric[]
}

export function serveMetrics(server: FastifyInstance, options: MetricsOptions): void {
  const answers = new StatusCounts()
  const durations = new DurationHistogram()
  server.addHook('onResponse', async (_request, reply) => {
    answers.count(reply.statusCode)
    durations.observe(reply.elapsedTime)
  })
  server.get(PATH, {
    onRequest: async (request) => {
      await options.requireReader(request)
    },
    handler: (_request, reply) =>
      reply
        .header('cache-control', 'no-store')
        .header('content-type', METRICS_CONTENT_TYPE)
        .send(metricsText([...options.others(), ...managerMetrics(answers, durations)])),
  })
}

function managerMetrics(answers: StatusCounts, durations: DurationHistogram): readonly Metric[] {
  return [
    {
      name: 'picloud_api_requests_total',
      type: 'counter',
      help: 'Requests to API, dashboard, health and metrics answered, by class of status.',
      samples: answers.samples(),
    },
    {
      name: 'picloud_api_request_duration_seconds',
      type: 'histogram',
      help: 'From the head of such a request to the end of its answer.',
      samples: durations.samples(),
    },
  ]
}
