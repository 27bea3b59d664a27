export { CallNode, type CallNodeOptions } from './calls/call-node.ts'
export type { NamedCall, ScriptCalls } from './calls/script-calls.ts'
export {
  AdminElsewhereError,
  IngressError,
  RoutingNotLoadedError,
  UnauthenticatedError,
} from './errors.ts'
export { Ingress, type IngressOptions } from './ingress/ingress.ts'
export type { IngressFigures } from './ingress/ingress-figures.ts'
export { INGRESS_LIMITS, type IngressLimits } from './ingress/ingress-limits.ts'
export { createIngressServer } from './ingress/ingress-server.ts'
export { ingressMetrics } from './metrics.ts'
export { Orchestrator, type OrchestratorOptions, type OrchestratorState } from './orchestrator.ts'
export {
  ExecutionRecorder,
  type ExecutionRecorderOptions,
  type RecorderState,
} from './recording/execution-recorder.ts'
export { AppDomainTable, type DomainEntry } from './routing/app-domain-table.ts'
export type { AppDomain, AppRouting } from './routing/app-routing.ts'
export type { RouteEntry } from './routing/route-entry.ts'
export { type RouteMatch, RouteTable } from './routing/route-table.ts'
export { RoutingTables } from './routing/routing-tables.ts'
export type { ScriptTarget } from './routing/script-target.ts'
export { TokenGuard, type TokenGuardOptions } from './token-guard.ts'
