/** A program as an operator meets it: a process, its output, its end. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'

const KIT = fileURLToPath(new URL('./index.ts', import.meta.url))
const PICLOUD_ERROR = `
class SomeError extends PicloudError {
  constructor() {
    super({ code: 'PIC_SOME', audience: 'system', status: 500, message: 'It is broken.' })
  }
}`

/** A program that only waits; PICLOUD_HOST tells its start what to do. */
const PROGRAM = `
import { PicloudError } from '@picloud/shared'
const { runProgram } = await import(${JSON.stringify(KIT)})
${PICLOUD_ERROR}
process.exitCode = await runProgram({
  name: 'picloud-x',
  about: 'Waits.',
  settings: {
    needed: ['databaseUrl'],
    optional: ['host', 'port'],
    defaults: { port: '9' },
    limits: ['deadlineMs'],
  },
  args: process.argv.slice(1),
  env: process.env,
  start: async ({ host, port, limits }) => {
    if (host === 'broken') throw new SomeError()
    if (host === 'bug') throw new TypeError('a bug')
    const waiting = setInterval(() => {}, 1_000)
    return {
      facts: { port: String(port), deadline: String(limits.deadlineMs) },
      notice: 'Do this.',
      stop: async () => clearInterval(waiting),
    }
  },
})`

const DATABASE = { DATABASE_URL: 'postgresql://u:hunter2@db/x' }
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = DATABASE,
  stdio: SpawnOptions['stdio'] = ['ignore', 'pipe', 'pipe'],
) {
  const flags = ['--no-warnings', '--conditions=@picloud/source', '--input-type=module']
  const child = spawn(process.execPath, [...flags, '-e', PROGRAM, '--', ...args], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    stdio,
  })
  children.push(child)
  const printed = { out: '', err: '' }
  child.stdout?.on('data', (chunk) => {
    printed.out += String(chunk)
  })
  child.stderr?.on('data', (chunk) => {
    printed.err += String(chunk)
  })
  const ended = once(child, 'close').then(([code]) => ({ code, ...printed }))
  return { child, ended, printed }
}

const run = (args: readonly string[], env?: Readonly<Record<string, string>>) =>
  start(args, env).ended

describe('runProgram', () => {
  it.each([
    [['serve'], DATABASE, 2, 'unknown argument "serve"; see --help'],
    [['--help', '--all'], DATABASE, 2, 'unknown argument "--all"; see --help'],
    [[], {}, 2, 'DATABASE_URL is not set; it must be a URL such as'],
    [[], { DATABASE_URL: 'hunter2' }, 2, 'DATABASE_URL is a wrong value (not shown here); it'],
    [[], { ...DATABASE, PICLOUD_PORT: 'x' }, 2, 'PICLOUD_PORT is "x"; it must be a whole number'],
    [[], { ...DATABASE, PICLOUD_LIMIT_DEADLINE_MS: '1' }, 2, 'PICLOUD_LIMIT_DEADLINE_MS is "1";'],
    [[], { ...DATABASE, PICLOUD_PROT: '1' }, 2, 'PICLOUD_PROT is not a setting of PiCloud; is'],
    [[], { ...DATABASE, PICLOUD_HOST: 'broken' }, 1, 'It is broken.'],
  ])('says in one line what is wrong with %j %j', async (args, env, code, message) => {
    const ended = await run(args, env)
    expect(ended).toMatchObject({ code, out: '' })
    expect(ended.err).toMatch(/^picloud-x: .*\n$/)
    expect(ended.err).toContain(message)
    expect(ended.err).not.toContain('hunter2')
  })

  it('shows where a bug is', async () => {
    const { code, err } = await run([], { ...DATABASE, PICLOUD_HOST: 'bug' })
    expect(code).toBe(1)
    expect(err).toContain('TypeError: a bug\n    at ')
  })

  it('explains itself and every variable it reads, and no other', async () => {
    const { code, out } = await run(['--help'], {})
    expect(code).toBe(0)
    expect(out).toMatch(/^Usage: picloud-x \[--help \| --version\]\n\nWaits\.\n\n/)
    expect([...out.matchAll(/^ {2}([A-Z_]+)$/gm)].map(([, name]) => name)).toEqual([
      'PICLOUD_HOST',
      'PICLOUD_PORT',
      'DATABASE_URL',
      'PICLOUD_LOG_LEVEL',
      'PICLOUD_LIMIT_DEADLINE_MS',
    ])
    expect(out).toMatch(/DATABASE_URL\n.*\n {6}Allowed: a URL.*\n {6}Default: none: it must be set/)
    expect(out).toMatch(/PICLOUD_PORT\n.*\n.*\n {6}Default: 9\n/)
    expect((await run(['-h'], {})).out).toBe(out)
    expect(await run(['-V'], {})).toEqual({ code: 0, out: '0.1.0\n', err: '' })
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'runs until %s, then ends with 0',
    async (signal) => {
      const { child, ended, printed } = start([])
      await expect.poll(() => printed.out).toBe('Do this.\n')
      child.kill(signal)
      const { code, err } = await ended
      expect(code).toBe(0)
      const log = err
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect(log).toMatchObject([
        { level: 30, msg: 'picloud-x is running', port: '9', deadline: '10000' },
        { level: 30, msg: 'picloud-x is stopping', reason: signal },
      ])
    },
  )

  it.each([
    ['says stop', (child: ChildProcess) => child.send('stop')],
    ['lets go of it', (child: ChildProcess) => child.disconnect()],
  ])('ends when the process that started it %s', async (_what, tell) => {
    const { child, printed } = start([], DATABASE, ['ignore', 'pipe', 'pipe', 'ipc'])
    await expect.poll(() => printed.out).toBe('Do this.\n')
    const exited = once(child, 'exit')
    tell(child)
    expect(await exited).toEqual([0, null])
  })

  it('logs nothing when told so', async () => {
    const { child, ended, printed } = start([], { ...DATABASE, PICLOUD_LOG_LEVEL: 'silent' })
    await expect.poll(() => printed.out).toBe('Do this.\n')
    child.kill('SIGTERM')
    expect(await ended).toEqual({ code: 0, out: 'Do this.\n', err: '' })
  })
})
