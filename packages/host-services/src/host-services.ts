/**
 * The services a program offers its scripts, in one list.
 *
 * @module
 */
import type { HostService, Logger } from '@picloud/shared'
import type { Database } from '@picloud/storage'

export interface HostServicesOptions {
  readonly database: Database
  readonly logger: Logger
}

/** Made once for each executor. Nothing is opened before a script asks for it. */
export function hostServices(_options: HostServicesOptions): readonly HostService[] {
  return []
}
