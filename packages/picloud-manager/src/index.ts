export type { ManagerConfiguration } from './manager-settings.ts'
export { type RunningManager, startManager } from './start-manager.ts'
