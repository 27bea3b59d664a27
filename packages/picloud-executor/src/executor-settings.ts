/**
 * What the executor program reads.
 *
 * @module
 */
import { HTTP_LIMITS } from '@picloud/host-services'
import { INGRESS_LIMITS } from '@picloud/orchestrator-core'
import type { Configuration, SettingsChoice } from '@picloud/program'

export const EXECUTOR_SETTINGS = {
  needed: ['executorSocket'],
  // No script's request goes to the host that is PiCloud's own.
  optional: ['databaseUrl', 'secretsKey', 'adminHost', 'sandboxes', 'logLevel'],
  // With a database it runs scripts for scripts, under the limits that the orchestrator has.
  limits: [...INGRESS_LIMITS, ...HTTP_LIMITS, 'sandboxMemoryBytesMax', 'scriptCallDepthMax'],
} as const satisfies SettingsChoice

export type ExecutorConfiguration = Configuration<typeof EXECUTOR_SETTINGS>
