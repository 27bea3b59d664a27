import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { copyPackage } from '../../test/copy-package.ts'
import { type EmbeddedServerHandle, startEmbeddedServer } from './embedded-server.ts'
import { inspectPostmaster, waitForEnd } from './postmaster.ts'
import { runProgram } from './run-program.ts'
import { findServiceUser, identityOf } from './service-user.ts'

const isRoot = process.getuid?.() === 0
const PROGRAM = fileURLToPath(new URL('../../test/server-program.ts', import.meta.url))

/** Data as a server that was stopped leaves it, for tests that are not about making it. */
let prototype: string
/** Deleted after each test; the data directory is this one or lies in it. */
let scratch: string
let dataDir: string
const servers: EmbeddedServerHandle[] = []
const programs: ChildProcess[] = []

beforeAll(async () => {
  prototype = await mkdtemp(join(tmpdir(), 'picloud-prototype-'))
  await (await startEmbeddedServer({ dataDir: prototype })).stop()
})

afterAll(() => rm(prototype, { recursive: true, force: true }))

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'picloud-embedded-'))
  dataDir = scratch
})

afterEach(async () => {
  for (const program of programs.splice(0)) await killProgram(program)
  for (const server of servers.splice(0)) await server.stop()
  const state = await inspectPostmaster(dataPath())
  // A test that failed half-way must not leave its server behind.
  if (state.kind === 'running') process.kill(state.postmaster.pid, 'SIGKILL')
  await rm(scratch, { recursive: true, force: true })
})

function dataPath(): string {
  return join(dataDir, 'postgres', 'data')
}

/** Puts data in place, as it is after the first run. */
async function copyPrototype(): Promise<void> {
  await runProgram('cp', ['-a', join(prototype, 'postgres'), dataDir])
}

async function start(): Promise<EmbeddedServerHandle> {
  const server = await startEmbeddedServer({ dataDir })
  servers.push(server)
  return server
}

async function query(connectionString: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

async function postmasterPid(): Promise<number> {
  const state = await inspectPostmaster(dataPath())
  if (state.kind !== 'running') throw new Error('no server runs')
  return state.postmaster.pid
}

/** Starts another program on the directory; resolves with the line it prints. */
async function startProgram(orders: object): Promise<{ program: ChildProcess; line: string }> {
  const args = ['--conditions=@picloud/source', PROGRAM, JSON.stringify(orders)]
  const program = spawn(process.execPath, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  programs.push(program)
  for await (const line of createInterface({ input: program.stdout })) return { program, line }
  throw new Error('the program ended without a word')
}

async function killProgram(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return
  program.kill('SIGKILL')
  await once(program, 'exit')
}

describe('a data directory of its own', () => {
  it('runs a PostgreSQL that keeps what was written over a restart', async () => {
    const first = await start()
    await query(first.connectionString, 'create table kept as select 42 as answer')
    await first.stop()
    expect(await inspectPostmaster(dataPath())).toEqual({ kind: 'none' })
    const second = await start()
    expect(second.connectionString).toBe(first.connectionString)
    expect(await query(second.connectionString, 'select * from kept')).toEqual([{ answer: 42 }])
  })

  it('keeps what was acknowledged when the server is killed, and runs it again', async () => {
    await copyPrototype()
    const { connectionString } = await start()
    await query(connectionString, 'create table kept as select 1 as n')
    const pid = await postmasterPid()
    process.kill(pid, 'SIGKILL')
    await expect
      .poll(() => query(connectionString, 'select * from kept').catch(() => null))
      .toEqual([{ n: 1 }])
    expect(await postmasterPid()).not.toBe(pid)
  })

  it('is durable: nothing that protects data is turned off', async () => {
    await copyPrototype()
    const { connectionString } = await start()
    const rows = await query(
      connectionString,
      `select name, setting from pg_settings
       where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums')
       order by name`,
    )
    expect(rows).toEqual(
      ['data_checksums', 'fsync', 'full_page_writes', 'synchronous_commit'].map((name) => ({
        name,
        setting: 'on',
      })),
    )
  })

  it('connects as a role that is no superuser', async () => {
    await copyPrototype()
    const { connectionString } = await start()
    expect(
      await query(connectionString, 'select rolsuper from pg_roles where rolname = current_user'),
    ).toEqual([{ rolsuper: false }])
  })

  it('sets aside files that are no database', async () => {
    await mkdir(dataPath(), { recursive: true })
    await writeFile(join(dataPath(), 'half'), 'made')
    const { connectionString } = await start()
    expect(await query(connectionString, 'select 1 as n')).toEqual([{ n: 1 }])
  })

  it('recovers from an initialisation that was interrupted at any point', async () => {
    const args = ['--conditions=@picloud/source', PROGRAM, JSON.stringify({ dataDir })]
    for (const afterMs of [250, 450, 700]) {
      const program = spawn(process.execPath, args, { detached: true, stdio: 'ignore' })
      programs.push(program)
      await delay(afterMs)
      await killProgram(program)
    }
    const { connectionString } = await start()
    expect(await query(connectionString, 'select 1 as n')).toEqual([{ n: 1 }])
    const names = await runProgram('ls', [join(dataDir, 'postgres')])
    expect(names).not.toMatch(/init-/)
  }, 60_000)

  it('refuses the data of another major version and leaves it alone', async () => {
    await mkdir(dataPath(), { recursive: true })
    await writeFile(join(dataPath(), 'PG_VERSION'), '14\n')
    await expect(start()).rejects.toMatchObject({
      code: 'PIC_STORAGE_DATA_DIR_VERSION',
      message: expect.stringContaining('made by PostgreSQL 14; this PiCloud brings PostgreSQL 18'),
    })
    expect(await readFile(join(dataPath(), 'PG_VERSION'), 'utf8')).toBe('14\n')
  })

  it('says what to do when the directory cannot be made', async () => {
    await writeFile(join(dataDir, 'file'), '')
    await expect(startEmbeddedServer({ dataDir: join(dataDir, 'file') })).rejects.toMatchObject({
      code: 'PIC_STORAGE_DATA_DIR_UNWRITABLE',
      message: expect.stringContaining('or choose another data directory'),
    })
  })

  it('finds room for its socket when the path is too long for one', async () => {
    await chmod(scratch, 0o711)
    dataDir = join(scratch, 'x'.repeat(60), 'y'.repeat(60))
    const { connectionString } = await start()
    expect(await query(connectionString, 'select 1 as n')).toEqual([{ n: 1 }])
    const socketDir = new URL(connectionString.replace('@/', '@x/')).searchParams.get('host') ?? ''
    expect(socketDir).toMatch(/^\/tmp\/picloud-/)
    expect((await stat(socketDir)).mode & 0o777).toBe(0o700)
    await servers.pop()?.stop()
    await expect(stat(socketDir)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('nobody else gets in', () => {
  beforeEach(copyPrototype)

  it('listens on a socket in a directory for its user only, and on no port', async () => {
    const { connectionString } = await start()
    const run = await stat(join(dataDir, 'postgres', 'run'))
    expect(run.mode & 0o777).toBe(0o700)
    expect((await stat(dataPath())).mode & 0o777).toBe(0o700)
    expect(await query(connectionString, 'show listen_addresses')).toEqual([
      { listen_addresses: '' },
    ])
  })

  it.runIf(isRoot)('refuses other users at the directory and at the door', async () => {
    const { connectionString } = await start()
    const user = await findServiceUser()
    const attempt = async (uid: number, gid: number) => {
      const code = `import('node:net').then(n => n.connect(process.argv[1])
        .on('connect', () => console.log('in')).on('error', e => console.log(e.code))
        .once('close', () => process.exit()).setTimeout(500, function () { this.destroy() }))`
      const socket = join(dataDir, 'postgres', 'run', '.s.PGSQL.5432')
      // Node itself may lie where that user cannot go; the identity is taken on inside.
      const become = `process.setgroups([]);process.setgid(${gid});process.setuid(${uid});`
      return (await runProgram(process.execPath, ['-e', become + code, socket])).trim()
    }
    expect(await attempt(65_534, 65_534)).toBe('EACCES')
    // Even the user the server runs as has no way in: the kernel tells who connects.
    expect(await attempt(user.uid, user.gid)).toBe('in')
    // Loaded first: the workspace may lie where that user cannot go.
    const program = `const { Client } = require('pg');
      process.setgroups([]);process.setgid(${user.gid});process.setuid(${user.uid});
      new Client(process.argv[1]).connect().catch(e => console.log(e.code))`
    const answer = await runProgram(process.execPath, ['-e', program, connectionString], {
      cwd: dirname(PROGRAM),
    })
    expect(answer.trim()).toBe('28000')
  })
})

describe('after a PiCloud that was killed', () => {
  beforeEach(copyPrototype)

  it('adopts the server it left behind, with all data', async () => {
    const { program, line } = await startProgram({ dataDir })
    await query(line, 'create table kept as select 7 as n')
    const pid = await postmasterPid()
    await killProgram(program)
    expect(await query(line, 'select * from kept')).toEqual([{ n: 7 }])
    const { connectionString, stop } = await start()
    expect(await postmasterPid()).toBe(pid)
    expect(await query(connectionString, 'select * from kept')).toEqual([{ n: 7 }])
    await stop()
    expect(await inspectPostmaster(dataPath())).toEqual({ kind: 'none' })
  })

  it('replaces a left-behind server that runs with another configuration', async () => {
    const { program } = await startProgram({ dataDir, settings: { work_mem: '5MB' } })
    const pid = await postmasterPid()
    await killProgram(program)
    const { connectionString } = await start()
    expect(await postmasterPid()).not.toBe(pid)
    expect(await query(connectionString, 'show work_mem')).toEqual([{ work_mem: '4MB' }])
  })

  it('starts when both were killed and the pid file names a process that is gone', async () => {
    const { program } = await startProgram({ dataDir })
    const pid = await postmasterPid()
    await killProgram(program)
    process.kill(pid, 'SIGKILL')
    expect(await readFile(join(dataPath(), 'postmaster.pid'), 'utf8')).toContain(String(pid))
    const { connectionString } = await start()
    expect(await query(connectionString, 'select 1 as n')).toEqual([{ n: 1 }])
  })

  it.each([
    ['is another process by now', 'echo $$; exec sleep 60'],
    // So it is in a container without an init.
    ['is dead and was never collected', 'sleep 0 & echo $!; exec sleep 60'],
  ])('starts when what the lock files name %s', async (_, script) => {
    await (await start()).stop()
    const stranger = spawn('sh', ['-c', script], {
      ...identityOf(await findServiceUser()),
      cwd: '/',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    programs.push(stranger)
    const pid = Number(String((await once(stranger.stdout, 'data'))[0]))
    const text = `${pid}\n${dataPath()}\n1\n5432\n/nowhere\n\n  1  1\nready   \n`
    await writeFile(join(dataPath(), 'postmaster.pid'), text)
    await writeFile(join(dataDir, 'postgres', 'run', '.s.PGSQL.5432.lock'), text)
    const { connectionString } = await start()
    expect(await query(connectionString, 'select 1 as n')).toEqual([{ n: 1 }])
    expect(stranger.exitCode).toBeNull()
  })
})

describe('waitForEnd', () => {
  it('counts a process that was never collected as ended', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'])
    programs.push(parent)
    const pid = Number(String((await once(parent.stdout, 'data'))[0]))
    expect(await waitForEnd(pid, 2_000)).toBe(true)
    expect(await waitForEnd(parent.pid ?? 0, 50)).toBe(false)
  })
})

describe('one PiCloud on one data directory', () => {
  it('refuses a second one and names the first', async () => {
    await copyPrototype()
    await start()
    const { line } = await startProgram({ dataDir })
    expect(line).toContain(`PIC_STORAGE_DATA_DIR_IN_USE Another PiCloud (process ${process.pid})`)
  })

  it('lets exactly one of several win that start at once', async () => {
    const started = await Promise.all([1, 2, 3].map(() => startProgram({ dataDir })))
    const words = started.map(({ line }) => line.replace(/^postgresql:.*/, 'won').split(' ')[0])
    const refused = 'PIC_STORAGE_DATA_DIR_IN_USE'
    expect(words.toSorted(), started.map(({ line }) => line).join()).toEqual([
      refused,
      refused,
      'won',
    ])
  }, 60_000)

  it('lets the next one in as soon as the first is stopped', async () => {
    await copyPrototype()
    const { program } = await startProgram({ dataDir })
    program.kill('SIGTERM')
    const { connectionString } = await start()
    expect(await query(connectionString, 'select 1 as n')).toEqual([{ n: 1 }])
  })
})

describe('stopping', () => {
  beforeEach(copyPrototype)

  it("survives the terminal's Ctrl-C until the program stops it", async () => {
    const { program, line } = await startProgram({ dataDir })
    process.kill(-(program.pid ?? 0), 'SIGINT')
    await delay(200)
    expect(await query(line, 'select 1 as n')).toEqual([{ n: 1 }])
    program.kill('SIGTERM')
    await once(program, 'exit')
    expect(await inspectPostmaster(dataPath())).toEqual({ kind: 'none' })
  })

  it('does not wait for connections that are still open', async () => {
    const { connectionString, stop } = await start()
    const client = new pg.Client({ connectionString })
    client.on('error', () => {})
    await client.connect()
    await client.query('begin')
    const before = performance.now()
    await stop()
    expect(performance.now() - before).toBeLessThan(5_000)
    await client.end()
  })
})

describe.runIf(isRoot)('started as root', () => {
  it('runs as an unprivileged user that cannot change its configuration', async () => {
    await start()
    const user = await findServiceUser()
    const status = await readFile(`/proc/${await postmasterPid()}/status`, 'utf8')
    expect(status).toMatch(new RegExp(`^Uid:\\s+${user.uid}\\s+${user.uid}`, 'm'))
    expect((await stat(join(dataDir, 'postgres', 'config', 'pg_hba.conf'))).uid).toBe(0)
  })

  it('keeps the database elsewhere when its user cannot enter the data directory', async () => {
    dataDir = join(scratch, 'inner')
    await mkdir(dataDir)
    const { connectionString, stop } = await start()
    const link = join(dataDir, 'postgres')
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    await query(connectionString, 'create table kept as select 3 as n')
    await stop()
    const again = await start()
    expect(await query(again.connectionString, 'select * from kept')).toEqual([{ n: 3 }])
    await again.stop()
    await rm(await realpath(link), { recursive: true })
  })

  it('runs as the owner of a database that an ordinary user made', async () => {
    await chmod(dataDir, 0o777)
    const packageRoot = await copyPackage(join(dataDir, 'package'))
    const { program, line } = await startProgram({ dataDir, become: 1, packageRoot })
    await query(line, 'create table kept as select 5 as n')
    program.kill('SIGTERM')
    await once(program, 'exit')
    const { connectionString } = await start()
    const status = await readFile(`/proc/${await postmasterPid()}/status`, 'utf8')
    expect(status).toMatch(/^Uid:\s+1\s/m)
    expect(await query(connectionString, 'select * from kept')).toEqual([{ n: 5 }])
  }, 60_000)
})
