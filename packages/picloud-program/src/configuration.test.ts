import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import process from 'node:process'
import {
  ceilingVariable,
  DEFAULT_LIMITS,
  defaultCeilings,
  isCeilingName,
  LIMITS,
  type LimitName,
} from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import { type ConfigurationFlags, readConfiguration, type SettingsChoice } from './configuration.ts'
import { ConfigurationError } from './errors.ts'
import { SETTINGS, type SettingName } from './settings.ts'

const EVERYTHING = {
  needed: [],
  optional: Object.keys(SETTINGS) as readonly SettingName[],
  limits: Object.keys(LIMITS) as readonly LimitName[],
} as const satisfies SettingsChoice

const NOTHING = { needed: [], optional: [], limits: [] } as const

/** The message of the refusal; every one must be a single line. */
function refusal(env: Record<string, string>, flags: ConfigurationFlags = {}): string {
  try {
    readConfiguration(EVERYTHING, env, flags)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    const { message } = error as ConfigurationError
    expect(message).not.toContain('\n')
    return message
  }
  throw new Error('the configuration was accepted')
}

describe('readConfiguration', () => {
  it.each([
    ['PICLOUD_PORT', '99999', 'a whole number from 0 to 65535 (0 takes any free port)'],
    ['PICLOUD_PORT', '0x50', 'a whole number from 0 to 65535 (0 takes any free port)'],
    ['PICLOUD_PORT', '-1', 'a whole number from 0 to 65535 (0 takes any free port)'],
    [
      'PICLOUD_HOST',
      'localhost:80',
      'an IP address of this machine or a host name, without a port',
    ],
    [
      'PICLOUD_ADMIN_HOST',
      'https://a.example',
      'one host name or IP address, without scheme, port or path',
    ],
    [
      'PICLOUD_TRUSTED_PROXIES',
      '10.0.0.0/33',
      'IP addresses and CIDR ranges separated by commas, or none',
    ],
    ['PICLOUD_PUBLIC_ADDRESSES', '203.0.113.0/24', 'IP addresses separated by commas'],
    ['PICLOUD_PUBLIC_ADDRESSES', 'fe80::1%eth0', 'IP addresses separated by commas'],
    ['PICLOUD_PUBLIC_ADDRESSES', '8.8.8.8,', 'IP addresses separated by commas'],
    [
      'PICLOUD_TRUSTED_PROXIES',
      'caddy',
      'IP addresses and CIDR ranges separated by commas, or none',
    ],
    ['PICLOUD_ADMIN_HOST', 'a.b:1', 'one host name or IP address, without scheme, port or path'],
    ['PICLOUD_EXECUTOR_SOCKET', 'executor.sock', 'an absolute path of at most 103 bytes'],
    ['PICLOUD_EXECUTOR_SOCKET', `/${'x'.repeat(103)}`, 'an absolute path of at most 103 bytes'],
    ['PICLOUD_LOG_LEVEL', 'loud', 'one of debug, info, warn, error, silent'],
    ['PICLOUD_SANDBOXES', '0', 'a whole number from 1 to 64'],
    ['PICLOUD_LIMIT_BODY_BYTES', '1MB', 'a whole number of bytes from 0 to 67108864'],
    ['PICLOUD_LIMIT_CALL_DEPTH', '1000', 'a whole number of calls from 8 to 256'],
  ])('refuses %s=%s and says what is allowed', (name, value, allowed) => {
    expect(refusal({ [name]: value })).toBe(`${name} is "${value}"; it must be ${allowed}.`)
  })

  it('names the flag when the flag is wrong', () => {
    expect(refusal({ PICLOUD_PORT: '80' }, { port: 'http' })).toMatch(/^--port is "http"; /)
    expect(refusal({}, { dataDir: '' })).toMatch(/^--data-dir is ""; /)
  })

  it('refuses unknown variables, proposes the near one and shows no value', () => {
    const message = refusal({ PICLOUD_ADMIN_TOKN: 'hunter2hunter2hunter2' })
    expect(message).toBe(
      'PICLOUD_ADMIN_TOKN is not a setting of PiCloud; is PICLOUD_ADMIN_TOKEN meant?',
    )
    expect(refusal({ PICLOUD_SOMETHING_ELSE: 'x' })).toContain('configuration.md')
  })

  it.each([
    ['PICLOUD_ADMIN_TOKEN', 'too-short'],
    ['PICLOUD_ADMIN_TOKEN', 'has a space in the middle'],
    ['DATABASE_URL', 'mysql://root:geheim@db/x'],
    ['DATABASE_URL', 'geheim'],
  ])('refuses a wrong %s without showing it', (name, value) => {
    const message = refusal({ [name]: value })
    expect(message).toMatch(
      new RegExp(`^${name} is a wrong value \\(not shown here\\); it must be`),
    )
    expect(message).not.toContain(value)
  })

  it('comes to the documented defaults, frozen, when nothing is set', () => {
    const configuration = readConfiguration(EVERYTHING, {
      HOME: '/home/ada',
      PATH: '/bin',
      DATABASE_URL: '',
    })
    expect(configuration).toEqual({
      host: '127.0.0.1',
      port: 8080,
      dataDir: process.getuid?.() === 0 ? '/var/lib/picloud' : '/home/ada/.local/share/picloud',
      databaseUrl: null,
      adminToken: null,
      adminHost: null,
      secretsKey: null,
      publicAddresses: null,
      trustedProxies: ['127.0.0.0/8', '::1/128'],
      logLevel: 'info',
      sandboxes: Math.min(availableParallelism(), 64),
      executorSocket: null,
      dashboardDir: null,
      limits: DEFAULT_LIMITS,
      ceilings: defaultCeilings(DEFAULT_LIMITS),
    })
    expect(Object.isFrozen(configuration)).toBe(true)
    expect(Object.isFrozen(configuration.limits)).toBe(true)
    expect(Object.isFrozen(configuration.trustedProxies)).toBe(true)
  })

  it('reads every setting from the environment', () => {
    const configuration = readConfiguration(EVERYTHING, {
      PICLOUD_HOST: '::',
      PICLOUD_PORT: '0',
      PICLOUD_DATA_DIR: 'data',
      DATABASE_URL: 'postgresql:///picloud?host=/var/run/postgresql',
      PICLOUD_ADMIN_TOKEN: '0123456789abcdef',
      PICLOUD_ADMIN_HOST: 'Admin.Example.com',
      PICLOUD_TRUSTED_PROXIES: '10.0.0.1, fd00::/8',
      PICLOUD_PUBLIC_ADDRESSES: '8.8.8.8, 2606:4700::A',
      PICLOUD_LOG_LEVEL: 'silent',
      PICLOUD_SANDBOXES: '3',
      PICLOUD_SERVER: 'http://localhost:1',
      PICLOUD_TOKEN: 'x',
      PICLOUD_EXECUTOR_SOCKET: '/run/picloud/executor.sock',
      PICLOUD_DASHBOARD_DIR: 'build',
    })
    expect(configuration).toMatchObject({
      host: '::',
      port: 0,
      dataDir: resolve('data'),
      databaseUrl: 'postgresql:///picloud?host=/var/run/postgresql',
      adminToken: '0123456789abcdef',
      adminHost: 'admin.example.com',
      publicAddresses: ['8.8.8.8', '2606:4700::a'],
      trustedProxies: ['10.0.0.1/32', 'fd00::/8'],
      logLevel: 'silent',
      sandboxes: 3,
      executorSocket: '/run/picloud/executor.sock',
      dashboardDir: resolve('build'),
    })
    const none = readConfiguration(EVERYTHING, { PICLOUD_TRUSTED_PROXIES: 'none' })
    expect(none.trustedProxies).toEqual([])
  })

  it('takes each limit at its floor and its ceiling and refuses one beyond', () => {
    for (const [name, limit] of Object.entries(LIMITS)) {
      for (const value of [limit.min, limit.max]) {
        const { limits } = readConfiguration(EVERYTHING, { [limit.env]: String(value) })
        expect(limits).toEqual({ ...DEFAULT_LIMITS, [name]: value })
      }
      expect(refusal({ [limit.env]: String(limit.max + 1) })).toContain(limit.env)
    }
  })

  it('takes a ceiling from the limit up to what the limit can be, and none below the limit', () => {
    for (const name of (Object.keys(LIMITS) as LimitName[]).filter(isCeilingName)) {
      const { env, min, max } = LIMITS[name]
      const variable = ceilingVariable(name)
      expect(variable).toBe(env.replace('LIMIT', 'CEILING'))
      const { ceilings } = readConfiguration(EVERYTHING, { [variable]: String(max) })
      expect(ceilings[name]).toBe(max)
      const lower = { [env]: String(max), [variable]: String(max - 1) }
      expect(refusal(lower)).toContain(`${variable} is "${max - 1}"; it must be a whole number`)
      expect(refusal({ [variable]: String(max + 1) })).toContain(variable)
      const low = readConfiguration(EVERYTHING, { [env]: String(min) }).ceilings[name]
      expect(low).toBe(LIMITS[name].scope === 'script' ? min : max)
    }
  })

  it('lets a flag win over the environment', () => {
    expect(readConfiguration(EVERYTHING, { PICLOUD_PORT: '2' }, { port: '1' }).port).toBe(1)
  })

  it.each([
    ['postgresql://ada@/picloud?host=/run/postgresql', 'a user without a host'],
    ['postgres://ada:lovelace@10.0.0.1/picloud', 'the short scheme'],
  ])('takes the database %s: %s', (url) => {
    expect(readConfiguration(EVERYTHING, { DATABASE_URL: url }).databaseUrl).toBe(url)
  })

  it.each([
    ['::1', '[::1]'],
    ['[FD00::1]', '[fd00::1]'],
    ['10.0.0.1', '10.0.0.1'],
    ['Bücher.example.', 'xn--bcher-kva.example'],
  ])('takes the admin host %s as requests name it: %s', (written, host) => {
    expect(readConfiguration(EVERYTHING, { PICLOUD_ADMIN_HOST: written }).adminHost).toBe(host)
  })
})

describe('the choice of a program', () => {
  it('is all that is read; the rest is let pass, right or wrong', () => {
    const env = { PICLOUD_PORT: 'x', PICLOUD_LIMIT_BODY_BYTES: 'x', PICLOUD_LOG_LEVEL: 'warn' }
    expect(readConfiguration(NOTHING, env)).toEqual({ logLevel: 'warn', limits: {}, ceilings: {} })
  })

  it("still refuses a variable that is no program's", () => {
    const env = { PICLOUD_PROT: '1' }
    expect(() => readConfiguration(NOTHING, env)).toThrow('is PICLOUD_PORT meant?')
  })

  it('names what is needed and not set', () => {
    const choice = { ...NOTHING, needed: ['executorSocket'] } as const
    const message =
      'PICLOUD_EXECUTOR_SOCKET is not set; it must be an absolute path of at most 103 bytes.'
    expect(() => readConfiguration(choice, {})).toThrow(message)
    expect(() => readConfiguration(choice, { PICLOUD_EXECUTOR_SOCKET: '' })).toThrow(message)
  })

  it('may have another default', () => {
    const choice = { ...NOTHING, optional: ['port'], defaults: { port: '8081' } } as const
    expect(readConfiguration(choice, {}).port).toBe(8081)
    expect(readConfiguration(choice, { PICLOUD_PORT: '1' }).port).toBe(1)
  })
})
