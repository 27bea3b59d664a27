/**
 * What the executor program reads.
 *
 * @module
 */
import { INGRESS_LIMITS } from '@picloud/orchestrator-core'
import type { Configuration, SettingsChoice } from '@picloud/program'

export const EXECUTOR_SETTINGS = {
  needed: ['executorSocket'],
  optional: ['databaseUrl', 'secretsKey', 'sandboxes', 'logLevel'],
  // With a database it runs scripts for scripts, under the limits that the orchestrator has.
  limits: [...INGRESS_LIMITS, 'sandboxMemoryBytesMax', 'scriptCallDepthMax'],
} as const satisfies SettingsChoice

export type ExecutorConfiguration = Configuration<typeof EXECUTOR_SETTINGS>
