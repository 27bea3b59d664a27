export type { OrchestratorConfiguration } from './orchestrator-settings.ts'
export { type RunningOrchestrator, startOrchestrator } from './start-orchestrator.ts'
