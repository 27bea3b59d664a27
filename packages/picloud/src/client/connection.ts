/**
 * Which server a command speaks to, and with which token.
 *
 * The token file of this machine is for servers on this machine: it is never sent elsewhere.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import {
  cliTokenPath,
  type Environment,
  resolveDataDir,
  SETTINGS_OF_CLIENT,
} from '@picloud/program'
import { UsageError } from '../errors.ts'

export interface ConnectionFlags {
  readonly server?: string
  readonly token?: string
  readonly dataDir?: string
}

export interface Connection {
  /** Origin of the server, with its path prefix if it has one. */
  readonly server: URL
  /** Asked anew for each request: the token file changes when PiCloud is started again. */
  credentials(): Credentials
}

interface Credentials {
  readonly token: string | null
  /** Where the token came from or how to give one, for the error when the server wants another. */
  readonly advice: string
}

/** @throws UsageError when the server is no http URL, or the token cannot be sent in a header. */
export function resolveConnection(flags: ConnectionFlags, env: Environment): Connection {
  const server = parseServer(flags.server ?? (env.PICLOUD_SERVER || undefined))
  const given = flags.token ?? (env.PICLOUD_TOKEN || undefined)
  if (given !== undefined) {
    const source = flags.token === undefined ? 'PICLOUD_TOKEN' : '--token'
    const credentials = { token: checkedToken(given), advice: `The token came from ${source}.` }
    return { server, credentials: () => credentials }
  }
  if (!isLocal(server)) {
    const credentials = { token: null, advice: 'Give a token with PICLOUD_TOKEN or --token.' }
    return { server, credentials: () => credentials }
  }
  const path = cliTokenPath(resolveDataDir(flags.dataDir, env))
  return { server, credentials: () => localCredentials(path) }
}

function parseServer(text: string = SETTINGS_OF_CLIENT.server.default): URL {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '') {
    throw new UsageError(
      `The server ${JSON.stringify(text)} is not an http or https URL such as ` +
        `${SETTINGS_OF_CLIENT.server.default}.`,
    )
  }
  return url
}

function checkedToken(token: string): string {
  if (/^[!-~]+$/.test(token)) return token
  throw new UsageError('The token has characters that no token has; was it copied whole?')
}

/** A server on this machine is named so: by loopback address or as localhost. */
function isLocal(server: URL): boolean {
  const host = server.hostname
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\./.test(host)
  )
}

function localCredentials(path: string): Credentials {
  try {
    const token = readFileSync(path, 'utf8').trim()
    return { token: checkedToken(token), advice: `The token came from ${path}.` }
  } catch (error) {
    // Without the file a command goes on without a token: the server says whether it needs one.
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const reason = code === 'EACCES' ? 'may not be read by this user' : 'is not there'
    return {
      token: null,
      advice:
        `Give a token with PICLOUD_TOKEN or --token; ${path}, which picloud start writes, ` +
        `${reason} (--data-dir names another directory).`,
    }
  }
}
