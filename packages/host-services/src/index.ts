/**
 * What scripts can have done for them outside their sandbox, each a {@link HostService}.
 *
 * @module
 */
export { EgressGuard, type EgressGuardOptions } from './egress/egress-guard.ts'
export { type HostServicesOptions, hostServices } from './host-services.ts'
export { HTTP_LIMITS } from './http/http-limits.ts'
export { httpMetrics } from './http/http-metrics.ts'
export {
  createHttpService,
  type HttpFigures,
  type HttpService,
  type HttpServiceOptions,
} from './http/http-service.ts'
export { type ScriptRunner, scriptService } from './script-calls/script-calls.ts'
