/**
 * What the manager program reads.
 *
 * @module
 */
import type { Configuration, SettingsChoice } from '@picloud/program'

export const MANAGER_SETTINGS = {
  needed: ['databaseUrl'],
  optional: ['host', 'port', 'adminToken', 'adminHost', 'dashboardDir', 'logLevel'],
  // An orchestrator on the same machine has 8080.
  defaults: { port: '8081' },
  limits: ['headerBytesMax', 'sourceBytesMax', 'functionsMax', 'recordDaysMax', 'recordBytesMax'],
} as const satisfies SettingsChoice

export type ManagerConfiguration = Configuration<typeof MANAGER_SETTINGS>
