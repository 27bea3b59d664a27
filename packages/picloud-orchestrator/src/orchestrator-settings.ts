/**
 * What the orchestrator program reads.
 *
 * @module
 */
import { INGRESS_LIMITS } from '@picloud/orchestrator-core'
import type { Configuration, SettingsChoice } from '@picloud/program'

export const ORCHESTRATOR_SETTINGS = {
  needed: ['databaseUrl', 'executorSocket'],
  optional: ['host', 'port', 'adminToken', 'adminHost', 'trustedProxies', 'logLevel'],
  limits: INGRESS_LIMITS,
} as const satisfies SettingsChoice

export type OrchestratorConfiguration = Configuration<typeof ORCHESTRATOR_SETTINGS>
