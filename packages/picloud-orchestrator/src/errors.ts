/**
 * What can keep the orchestrator program from starting. Each message is the one line an operator
 * sees.
 *
 * @module
 */
import { PicloudError } from '@picloud/shared'

/** A setting the program cannot run with. The value of a secret is never in the message. */
export class OrchestratorConfigurationError extends PicloudError<'PIC_ORCHESTRATOR_CONFIGURATION'> {
  constructor(message: string) {
    super({ code: 'PIC_ORCHESTRATOR_CONFIGURATION', audience: 'system', status: 500, message })
  }
}

export class OrchestratorListenError extends PicloudError<'PIC_ORCHESTRATOR_LISTEN'> {
  constructor(host: string, port: number, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause)
    super({
      code: 'PIC_ORCHESTRATOR_LISTEN',
      audience: 'system',
      status: 503,
      message: `Cannot listen on ${host} port ${port} (${why}). Set PICLOUD_HOST or PICLOUD_PORT.`,
      cause,
    })
  }
}
