export type { OrchestratorConfiguration } from './orchestrator-configuration.ts'
export { type RunningOrchestrator, startOrchestrator } from './start-orchestrator.ts'
