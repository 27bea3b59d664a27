/**
 * Every setting of every program but the limits: variable, flag, default, meaning, and what a text
 * must be to become its value.
 *
 * This table drives the parser, every `--help` and `docs/reference/configuration.md`; a test holds
 * them equal. Limits have a table of their own in `@picloud/shared`. Which program reads what is
 * for the programs to say.
 *
 * @module
 */
import { availableParallelism } from 'node:os'
import { isAbsolute, resolve } from 'node:path'
import { normalizeHost } from '@picloud/shared'
import { z } from 'zod'
import { canonicalAddress, canonicalAddressRange } from './address-range.ts'
import { resolveDataDir } from './data-dir.ts'
import type { Environment } from './environment.ts'

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
const ADMIN_TOKEN_LENGTH_MIN = 16
const ADMIN_TOKEN_LENGTH_MAX = 200
/** 32 bytes in base64 or base64url. */
const SECRETS_KEY = /^[A-Za-z0-9+/_-]{42}[AEIMQUYcgkosw048]=?$/
const SANDBOXES_MAX = 64
/** What Linux and macOS both allow for the address of a Unix socket. */
const SOCKET_PATH_BYTES_MAX = 103

/** How a setting is written and explained. */
export interface SettingText {
  readonly env: string
  /** The flag of `picloud`; secrets have none, command lines are visible to others. */
  readonly flag?: `--${string}`
  /** The default as it is written, or how it is found; null where there is none. */
  readonly default: string | null | ((env: Environment) => string)
  /** The default in words, where it is not a fixed value. */
  readonly defaultText?: string
  /** What a value may be; completes "it must be ..". */
  readonly allowed: string
  readonly about: string
  /** Never shown, not even when it is wrong. */
  readonly secret?: true
}

export interface Setting extends SettingText {
  /** From the text to the value. */
  readonly schema: z.ZodType<unknown, string>
}

export type LogLevel = (typeof LOG_LEVELS)[number]

const hostName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i)
  .transform((text) => text.toLowerCase())

export const SETTINGS = {
  host: {
    env: 'PICLOUD_HOST',
    flag: '--host <address>',
    default: '127.0.0.1',
    allowed: 'an IP address of this machine or a host name, without a port',
    about: 'Address to listen on. The default is for a box behind Caddy; 0.0.0.0 is every address.',
    schema: z.union([z.ipv4(), z.ipv6(), hostName]),
  },
  port: {
    env: 'PICLOUD_PORT',
    flag: '--port <number>',
    default: '8080',
    allowed: 'a whole number from 0 to 65535 (0 takes any free port)',
    about: 'Port to listen on.',
    schema: wholeNumber(0, 65_535),
  },
  dataDir: {
    env: 'PICLOUD_DATA_DIR',
    flag: '--data-dir <path>',
    default: (env) => resolveDataDir(undefined, env),
    defaultText: '/var/lib/picloud as root, else ~/.local/share/picloud',
    allowed: 'the path of a directory',
    about: 'Directory for the embedded database and the token of the command line.',
    schema: z
      .string()
      .min(1)
      .transform((path) => resolve(path)),
  },
  databaseUrl: {
    env: 'DATABASE_URL',
    default: null,
    defaultText: 'none: an embedded PostgreSQL in the data directory',
    allowed: 'a URL such as postgresql://user:password@host:5432/database',
    about: 'The PostgreSQL to use, version 15 or later.',
    secret: true,
    schema: z.string().refine(isDatabaseUrl),
  },
  adminToken: {
    env: 'PICLOUD_ADMIN_TOKEN',
    default: null,
    defaultText: 'none: the set-up link printed at the first start makes one',
    allowed: `${ADMIN_TOKEN_LENGTH_MIN} to ${ADMIN_TOKEN_LENGTH_MAX} visible ASCII characters without spaces`,
    about: 'A token that may do everything, for set-ups without a hand on the keyboard.',
    secret: true,
    schema: z
      .string()
      .min(ADMIN_TOKEN_LENGTH_MIN)
      .max(ADMIN_TOKEN_LENGTH_MAX)
      .regex(/^[!-~]+$/),
  },
  secretsKey: {
    env: 'PICLOUD_SECRETS_KEY',
    default: null,
    defaultText: 'none: a file secrets.key in the data directory, made when it is first needed',
    allowed: 'keys of 32 bytes in base64 separated by commas, the one that seals first',
    about: 'Keys of the secrets that apps have; `openssl rand -base64 32` makes one.',
    secret: true,
    schema: z
      .string()
      .transform((text) => text.split(',').map((key) => key.trim()))
      .refine((keys) => keys.every((key) => SECRETS_KEY.test(key))),
  },
  adminHost: {
    env: 'PICLOUD_ADMIN_HOST',
    flag: '--admin-host <name>',
    default: null,
    defaultText: 'none: localhost, IP addresses and every host no app claims',
    allowed: 'one host name or IP address, without scheme, port or path',
    about: 'The only host on which PiCloud answers for itself: API, dashboard, health.',
    schema: z
      .string()
      .transform(adminHostOf)
      .refine((host) => host !== null),
  },
  trustedProxies: {
    env: 'PICLOUD_TRUSTED_PROXIES',
    flag: '--trusted-proxies <list>',
    default: '127.0.0.0/8,::1/128',
    allowed: 'IP addresses and CIDR ranges separated by commas, or none',
    about: 'Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto headers are believed.',
    schema: z
      .string()
      .transform(addressRangesOf)
      .refine((ranges) => ranges !== null),
  },
  publicAddresses: {
    env: 'PICLOUD_PUBLIC_ADDRESSES',
    flag: '--public-addresses <list>',
    default: null,
    defaultText: "none: those of this machine's interfaces that are public",
    allowed: 'IP addresses separated by commas',
    about: 'Where the names of apps should lead: what the check of a domain expects.',
    schema: z
      .string()
      .transform(addressesOf)
      .refine((addresses) => addresses !== null),
  },
  logLevel: {
    env: 'PICLOUD_LOG_LEVEL',
    flag: '--log-level <level>',
    default: 'info',
    allowed: `one of ${LOG_LEVELS.join(', ')}`,
    about: 'The least important messages that PiCloud itself logs.',
    schema: z.enum(LOG_LEVELS),
  },
  sandboxes: {
    env: 'PICLOUD_SANDBOXES',
    flag: '--sandboxes <number>',
    default: () => String(Math.min(availableParallelism(), SANDBOXES_MAX)),
    defaultText: 'one for each CPU core',
    allowed: `a whole number from 1 to ${SANDBOXES_MAX}`,
    about: 'Processes that run scripts; each is started when first needed.',
    schema: wholeNumber(1, SANDBOXES_MAX),
  },
  executorSocket: {
    env: 'PICLOUD_EXECUTOR_SOCKET',
    default: null,
    allowed: `an absolute path of at most ${SOCKET_PATH_BYTES_MAX} bytes`,
    about: 'Unix socket on which the executor of a node listens for its orchestrator.',
    schema: z.string().refine(isSocketPath),
  },
  dashboardDir: {
    env: 'PICLOUD_DASHBOARD_DIR',
    default: null,
    defaultText: 'none: no dashboard',
    allowed: 'the path of a directory',
    about: 'Directory of the built dashboard, served at /admin.',
    schema: z.string().transform((path) => resolve(path)),
  },
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof SETTINGS

/** What a setting's text becomes. */
type Given<Name extends SettingName> = NonNullable<z.output<(typeof SETTINGS)[Name]['schema']>>

/** The value of a setting: null where nothing is set and there is no default. */
export type SettingValue<Name extends SettingName> = (typeof SETTINGS)[Name]['default'] extends null
  ? Given<Name> | null
  : Given<Name>

/** Settings of the commands that speak to a server; they read them, the programs allow them. */
export const SETTINGS_OF_CLIENT = {
  server: {
    env: 'PICLOUD_SERVER',
    flag: '--server <url>',
    default: 'http://localhost:8080',
    allowed: 'an http or https URL',
    about: 'Server that the commands other than start and run speak to.',
  },
  token: {
    env: 'PICLOUD_TOKEN',
    flag: '--token <token>',
    default: null,
    defaultText: 'the file cli-token in the data directory, for a server on this machine',
    allowed: 'a token made with picloud tokens create',
    about: 'Token these commands show to the server.',
    secret: true,
  },
} as const satisfies Record<string, SettingText>

/** A whole number in digits alone, so that `1e3`, `0x10` and ` 7` are mistakes. */
export function wholeNumber(min: number, max: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max)
}

/** PostgreSQL's URL may name a user and no host, for a server behind a Unix socket. */
function isDatabaseUrl(text: string): boolean {
  return /^postgres(?:ql)?:\/\/\S*$/.test(text) && URL.canParse(text.replace('@/', '@localhost/'))
}

/** In the form in which requests name it. */
function adminHostOf(text: string): string | null {
  const bracketed = z.ipv6().safeParse(text).success ? `[${text}]` : text
  const hasPort = /:\d*$/.test(bracketed)
  return hasPort ? null : normalizeHost(bracketed)
}

function addressRangesOf(text: string): readonly string[] | null {
  if (text === 'none') return Object.freeze([])
  const ranges = text.split(',').map((range) => canonicalAddressRange(range.trim()))
  return ranges.includes(null) ? null : Object.freeze(ranges.filter((range) => range !== null))
}

function addressesOf(text: string): readonly string[] | null {
  const addresses = text.split(',').map((address) => canonicalAddress(address.trim()))
  return addresses.includes(null) ? null : Object.freeze(addresses.filter((each) => each !== null))
}

function isSocketPath(text: string): boolean {
  return isAbsolute(text) && Buffer.byteLength(text) <= SOCKET_PATH_BYTES_MAX
}
