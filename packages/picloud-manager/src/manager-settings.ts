/**
 * What the manager program reads.
 *
 * @module
 */
import type { Configuration, SettingsChoice } from '@picloud/program'
import { OWN_LIMIT_NAMES } from '@picloud/shared'

export const MANAGER_SETTINGS = {
  needed: ['databaseUrl'],
  optional: [
    'host',
    'port',
    'adminToken',
    'secretsKey',
    'adminHost',
    'publicAddresses',
    'dashboardDir',
    'logLevel',
  ],
  // An orchestrator on the same machine has 8080.
  defaults: { port: '8081' },
  limits: [
    'headerBytesMax',
    'sourceBytesMax',
    'functionsMax',
    'importsMax',
    'importBytesMax',
    'recordDaysMax',
    'recordBytesMax',
    // It judges what apps set for themselves.
    ...OWN_LIMIT_NAMES,
  ],
} as const satisfies SettingsChoice

export type ManagerConfiguration = Configuration<typeof MANAGER_SETTINGS>
