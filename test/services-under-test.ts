/**
 * The host services of a program, on the database of a test.
 *
 * @module
 */
import { type HostServicesOptions, hostServices } from '@picloud/host-services'
import { DEFAULT_LIMITS, type HostService, SILENT_LOGGER } from '@picloud/shared'
import { type Database, SecretKeys } from '@picloud/storage'

const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64')

export function servicesOn(
  database: Database,
  options: Partial<HostServicesOptions> = {},
): readonly HostService[] {
  return hostServices({
    database,
    secretKeys: new SecretKeys({ given: [SECRETS_KEY], file: null }),
    limits: DEFAULT_LIMITS,
    logger: SILENT_LOGGER,
    ...options,
  })
}
