/**
 * What can keep any program from starting. Each message is the one line an operator sees.
 *
 * @module
 */
import { PicloudError } from '@picloud/shared'

/** A setting no program can run with. The value of a secret is never in the message. */
export class ConfigurationError extends PicloudError<'PIC_CONFIGURATION'> {
  constructor(message: string) {
    super({ code: 'PIC_CONFIGURATION', audience: 'user', status: 400, message })
  }
}

/** The address to listen on cannot be had. */
export class PortUnavailableError extends PicloudError<'PIC_PORT_UNAVAILABLE'> {
  constructor(host: string, port: number, cause: unknown) {
    super({
      code: 'PIC_PORT_UNAVAILABLE',
      audience: 'user',
      status: 503,
      message:
        `Cannot listen on ${host} port ${port}: ${reasonOf(cause)}. ` +
        'PICLOUD_HOST and PICLOUD_PORT choose another.',
      cause,
    })
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there already',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this user may not listen there; ports below 1024 are for root',
  ENOTFOUND: 'there is no such host',
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const code = 'code' in cause ? String(cause.code) : ''
  return REASONS[code] ?? cause.message
}
