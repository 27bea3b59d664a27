/**
 * The services a program offers its scripts, in one list.
 *
 * @module
 */
import type { HostService, Limits, Logger } from '@picloud/shared'
import type { Database, SecretKeys } from '@picloud/storage'
import { kvService } from './kv/kv-service.ts'
import { type ScriptRunner, scriptService } from './script-calls/script-calls.ts'
import { secretsService } from './secrets/secrets-service.ts'

export interface HostServicesOptions {
  readonly database: Database
  readonly secretKeys: SecretKeys
  readonly logger: Logger
  readonly limits: Pick<Limits, 'scriptCallDepthMax'>
  /** What `script::call` runs scripts with; left out: it is not there. */
  readonly scripts?: ScriptRunner
}

/** Made once for each executor. Nothing is opened before a script asks for it. */
export function hostServices(options: HostServicesOptions): readonly HostService[] {
  const { database, secretKeys, limits, scripts, logger } = options
  const services = [
    kvService({ kv: database.kv, logger }),
    secretsService({ database, keys: secretKeys }),
  ]
  if (scripts === undefined) return services
  return [...services, scriptService({ runner: scripts, depthMax: limits.scriptCallDepthMax })]
}
