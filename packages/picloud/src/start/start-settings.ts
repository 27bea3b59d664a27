/**
 * What `picloud start` reads. The commands that speak to it share its data directory.
 *
 * @module
 */
import type { Configuration, SettingsChoice } from '@picloud/program'
import { LIMITS, type LimitName } from '@picloud/shared'

export const START_SETTINGS = {
  needed: [],
  optional: [
    'host',
    'port',
    'dataDir',
    'databaseUrl',
    'adminToken',
    'secretsKey',
    'adminHost',
    'publicAddresses',
    'trustedProxies',
    'logLevel',
    'sandboxes',
  ],
  limits: Object.keys(LIMITS) as readonly LimitName[],
} as const satisfies SettingsChoice

export type StartConfiguration = Configuration<typeof START_SETTINGS>
