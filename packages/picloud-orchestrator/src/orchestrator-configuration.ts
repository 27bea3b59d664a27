/**
 * What the orchestrator program runs with, read once from the environment.
 *
 * A wrong value is one {@link OrchestratorConfigurationError} of one line, which never shows a
 * secret.
 *
 * @module
 */
import { isIP } from 'node:net'
import { LIMITS, type Limit, type LimitName, type Limits, normalizeHost } from '@picloud/shared'
import { OrchestratorConfigurationError } from './errors.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface OrchestratorConfiguration {
  readonly databaseUrl: string
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly executorSocket: string
  readonly adminToken: string | null
  /** Normalised. */
  readonly adminHost: string | null
  readonly trustedProxies: readonly string[]
  readonly logLevel: string
  readonly limits: Limits
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent']
const DEFAULT_PORT = 8080
const PORT_MAX = 65_535
const DEFAULT_PROXIES = '127.0.0.0/8,::1/128'
/** A Unix socket's path has room for no more (unix(7)). */
const SOCKET_PATH_BYTES_MAX = 107
/** A shorter token could be guessed. */
const ADMIN_TOKEN = /^[!-~]{16,200}$/

/** Name, meaning and default of every setting, as `--help` shows them. */
export const SETTINGS: readonly (readonly [name: string, about: string])[] = [
  ['DATABASE_URL', 'PostgreSQL 15 or later: postgresql://user:password@host/database (needed)'],
  ['PICLOUD_EXECUTOR_SOCKET', 'path of the socket picloud-executor listens on (needed)'],
  ['PICLOUD_HOST', 'address to listen on (127.0.0.1)'],
  ['PICLOUD_PORT', `port to listen on (${DEFAULT_PORT})`],
  ['PICLOUD_ADMIN_TOKEN', 'a token that may run scripts by id, 16 to 200 characters (none)'],
  ['PICLOUD_ADMIN_HOST', 'the only host on which this node answers for itself (none)'],
  ['PICLOUD_TRUSTED_PROXIES', `whose X-Forwarded-* are believed, or none (${DEFAULT_PROXIES})`],
  ['PICLOUD_LOG_LEVEL', `${LOG_LEVELS.join(', ')} (info)`],
]

/** @throws {@link OrchestratorConfigurationError} for the first wrong value */
export function readOrchestratorConfiguration(env: Environment): OrchestratorConfiguration {
  // An empty variable counts as not set.
  const read = (name: string): string | null => env[name] || null
  return {
    databaseUrl: databaseUrlOf(read('DATABASE_URL')),
    executorSocket: executorSocketOf(read('PICLOUD_EXECUTOR_SOCKET')),
    host: read('PICLOUD_HOST') ?? '127.0.0.1',
    port: wholeNumber('PICLOUD_PORT', read('PICLOUD_PORT'), {
      default: DEFAULT_PORT,
      min: 0,
      max: PORT_MAX,
    }),
    adminToken: adminTokenOf(read('PICLOUD_ADMIN_TOKEN')),
    adminHost: adminHostOf(read('PICLOUD_ADMIN_HOST')),
    trustedProxies: trustedProxiesOf(read('PICLOUD_TRUSTED_PROXIES') ?? DEFAULT_PROXIES),
    logLevel: logLevelOf(read('PICLOUD_LOG_LEVEL')),
    limits: limitsOf(read),
  }
}

function databaseUrlOf(text: string | null): string {
  const example = 'postgresql://user:password@host:5432/database'
  if (text === null) {
    throw new OrchestratorConfigurationError(
      `DATABASE_URL is not set; the orchestrator needs the manager's PostgreSQL, such as ${example}.`,
    )
  }
  const url = URL.parse(text)
  if (url !== null && /^postgres(?:ql)?:$/.test(url.protocol)) return text
  // The form of a URL without a host, for a server reached through a Unix socket.
  if (/^postgres(?:ql)?:\/\/[^/]*@\/\S+$/.test(text)) return text
  throw new OrchestratorConfigurationError(
    `DATABASE_URL is wrong (not shown here); it must be a URL such as ${example}.`,
  )
}

function executorSocketOf(text: string | null): string {
  if (text === null) {
    throw new OrchestratorConfigurationError(
      'PICLOUD_EXECUTOR_SOCKET is not set; it must be the path that picloud-executor listens on.',
    )
  }
  if (text.startsWith('/') && Buffer.byteLength(text) <= SOCKET_PATH_BYTES_MAX) return text
  throw new OrchestratorConfigurationError(
    `PICLOUD_EXECUTOR_SOCKET is ${JSON.stringify(text)}; it must be an absolute path of at most ` +
      `${SOCKET_PATH_BYTES_MAX} bytes.`,
  )
}

function adminTokenOf(text: string | null): string | null {
  if (text === null || ADMIN_TOKEN.test(text)) return text
  throw new OrchestratorConfigurationError(
    'PICLOUD_ADMIN_TOKEN is wrong (not shown here); it must be 16 to 200 visible ASCII ' +
      'characters without spaces.',
  )
}

function adminHostOf(text: string | null): string | null {
  if (text === null) return null
  const host = normalizeHost(text)
  if (host !== null && !/:\d*$/.test(text.replace(/^\[.*\]/, ''))) return host
  throw new OrchestratorConfigurationError(
    `PICLOUD_ADMIN_HOST is ${JSON.stringify(text)}; it must be one host name or IP address, ` +
      'without scheme, port or path.',
  )
}

function trustedProxiesOf(text: string): readonly string[] {
  if (text === 'none') return []
  const ranges = text.split(',').map((range) => range.trim())
  const wrong = ranges.find((range) => !isAddressRange(range))
  if (wrong === undefined) return ranges
  throw new OrchestratorConfigurationError(
    `PICLOUD_TRUSTED_PROXIES has ${JSON.stringify(wrong)}; it must be IP addresses and CIDR ` +
      'ranges separated by commas, or none.',
  )
}

function isAddressRange(text: string): boolean {
  const [address = '', prefix = '0', more] = text.split('/')
  const bits = isIP(address) === 4 ? 32 : 128
  const isPrefix = /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits
  return isIP(address) !== 0 && !address.includes('%') && isPrefix && more === undefined
}

function logLevelOf(text: string | null): string {
  if (text === null) return 'info'
  if (LOG_LEVELS.includes(text)) return text
  throw new OrchestratorConfigurationError(
    `PICLOUD_LOG_LEVEL is ${JSON.stringify(text)}; it must be one of ${LOG_LEVELS.join(', ')}.`,
  )
}

function limitsOf(read: (name: string) => string | null): Limits {
  const limits = Object.entries(LIMITS).map(([name, limit]: [string, Limit]) => [
    name,
    wholeNumber(limit.env, read(limit.env), limit),
  ])
  return Object.fromEntries(limits) as Record<LimitName, number>
}

function wholeNumber(
  name: string,
  text: string | null,
  range: { readonly default: number; readonly min: number; readonly max: number },
): number {
  if (text === null) return range.default
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (value >= range.min && value <= range.max) return value
  throw new OrchestratorConfigurationError(
    `${name} is ${JSON.stringify(text)}; it must be a whole number from ${range.min} to ` +
      `${range.max}.`,
  )
}
