/**
 * What the executor program reads.
 *
 * @module
 */
import type { Configuration, SettingsChoice } from '@picloud/program'

export const EXECUTOR_SETTINGS = {
  needed: ['executorSocket'],
  optional: ['sandboxes', 'logLevel'],
  limits: ['queueRequestsMax', 'sandboxMemoryBytesMax'],
} as const satisfies SettingsChoice

export type ExecutorConfiguration = Configuration<typeof EXECUTOR_SETTINGS>
