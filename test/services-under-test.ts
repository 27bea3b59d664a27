/**
 * The host services of a program, on the database of a test.
 *
 * @module
 */
import { type HostServicesOptions, hostServices } from '@picloud/host-services'
import { DEFAULT_LIMITS, type HostService, SILENT_LOGGER } from '@picloud/shared'
import { type Database, SecretKeys } from '@picloud/storage'

export const SECRET_KEYS: SecretKeys = new SecretKeys({
  given: [Buffer.alloc(32, 7).toString('base64')],
  file: null,
})

export function servicesOn(
  database: Database,
  options: Partial<HostServicesOptions> = {},
): readonly HostService[] {
  return hostServices({
    database,
    secretKeys: SECRET_KEYS,
    limits: DEFAULT_LIMITS,
    logger: SILENT_LOGGER,
    ...options,
  })
}
