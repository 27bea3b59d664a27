/** How the supervisor keeps its promises when sandboxes do not; all with real processes. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecutionOutcome, Logger, StreamedAnswer } from '@picloud/shared'
import { SILENT_LOGGER } from '@picloud/shared'
import { afterEach, describe, expect, it } from 'vitest'
import { bundledCode } from '../../test/bundled-code.ts'
import { bodyText, failureIn, type RequestChanges, requestOf } from '../script-run.contract.ts'
import { memoryCeiling } from './memory-ceiling.ts'
import { sandboxCommand } from './sandbox-command.ts'
import { SandboxPool, type SandboxPoolOptions } from './sandbox-pool.ts'

const MIB = 1024 * 1024
const MEMORY_BYTES_MAX = 64 * MIB
const COMMAND = sandboxCommand(MEMORY_BYTES_MAX, await bundledCode())
const ENDLESS = { limits: { operationsMax: 100_000_000_000 } }

const pools: SandboxPool[] = []
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.stop()
})

function startPool(options: Partial<SandboxPoolOptions> = {}): SandboxPool {
  const pool = new SandboxPool({
    command: COMMAND,
    processesMax: 1,
    sandboxMemoryBytesMax: MEMORY_BYTES_MAX,
    memoryCeiling: memoryCeiling(MEMORY_BYTES_MAX),
    logger: SILENT_LOGGER,
    queueMax: 1000,
    graceMs: 100,
    startMsMax: 10_000,
    idleMs: 60_000,
    spareDelayMs: 0,
    memoryCheckMs: 50,
    recycleAgeMsMin: 0,
    stopMsMax: 2000,
    ...options,
  })
  pools.push(pool)
  return pool
}

function runIn(pool: SandboxPool, source: string, changes?: RequestChanges) {
  return pool.execute(requestOf(source, changes))
}

/** A pool whose processes have all started and answered. */
async function warmPool(options: Partial<SandboxPoolOptions> = {}): Promise<SandboxPool> {
  const pool = startPool(options)
  const target = options.processesMax ?? 1
  const warm = () =>
    pool.sandboxes.length === target && pool.sandboxes.every(({ isReady }) => isReady)
  do {
    await Promise.all(Array.from({ length: 40 }, () => runIn(pool, '1')))
  } while (!warm())
  return pool
}

function pidsOf(pool: SandboxPool): number[] {
  return pool.sandboxes.flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
}

function codes(outcomes: readonly (ExecutionOutcome | StreamedAnswer)[]): string[] {
  return outcomes.map((outcome) =>
    outcome.kind === 'answer' ? bodyText(outcome) : failureIn(outcome).code,
  )
}

function onlyPid(pool: SandboxPool): number {
  const [pid] = pidsOf(pool)
  if (pid === undefined) throw new Error('no sandbox runs')
  return pid
}

/** The spare's process, once it is ready. */
async function readySpare(pool: SandboxPool): Promise<number> {
  await expect.poll(() => pool.spare?.isReady).toBe(true)
  return pool.spare?.pid ?? 0
}

function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false
  return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}

async function gone(pids: readonly number[]): Promise<boolean> {
  for (let waited = 0; waited < 3000; waited += 20) {
    if (!pids.some(isRunning)) return true
    await sleep(20)
  }
  return false
}

describe('a sandbox that hangs', () => {
  it('is killed after deadline and grace, replaced, and its invocation answered 504', async () => {
    const pool = await warmPool()
    const pid = onlyPid(pool)
    process.kill(pid, 'SIGSTOP')
    const startedAt = performance.now()
    const outcome = await runIn(pool, '1', { deadlineMs: 200 })
    expect(failureIn(outcome)).toMatchObject({ code: 'PIC_EXEC_DEADLINE', status: 504 })
    expect(performance.now() - startedAt).toBeLessThan(1000)
    expect(bodyText(await runIn(pool, '"replaced"'))).toBe('replaced')
    expect(onlyPid(pool)).not.toBe(pid)
    expect(await gone([pid])).toBe(true)
  })

  it('does not keep the others from answering', async () => {
    const pool = await warmPool({ processesMax: 2 })
    const [stopped = 0] = pidsOf(pool)
    process.kill(stopped, 'SIGSTOP')
    const hung = runIn(pool, '1', { deadlineMs: 700 })
    await sleep(50)
    // The stopped one still holds an invocation and gets no more.
    for (let i = 0; i < 50; i += 1) expect(bodyText(await runIn(pool, '2'))).toBe('2')
    expect(failureIn(await hung).code).toBe('PIC_EXEC_DEADLINE')
    expect(bodyText(await runIn(pool, '3'))).toBe('3')
  })

  it('loses a script that computes past its deadline, not those waiting behind it', async () => {
    const pool = await warmPool()
    const runaway = runIn(pool, 'loop {}', { ...ENDLESS, deadlineMs: 300 })
    const behind = Array.from({ length: 5 }, (_, i) => runIn(pool, String(i)))
    expect(failureIn(await runaway).code).toBe('PIC_EXEC_DEADLINE')
    expect(codes(await Promise.all(behind))).toEqual(['0', '1', '2', '3', '4'])
  })

  it('is not killed for one whose deadline passes while it waits behind another', async () => {
    const pool = await warmPool()
    const pid = onlyPid(pool)
    const slow = runIn(pool, 'let i = 0; while i < 200_000_000 { i += 1; } i', ENDLESS)
    const hurried = runIn(pool, '"never begun"', { deadlineMs: 20 })
    expect(failureIn(await hurried).code).toBe('PIC_EXEC_DEADLINE')
    expect(bodyText(await slow)).toBe('200000000')
    expect(onlyPid(pool)).toBe(pid)
  })
})

describe('a sandbox that dies', () => {
  it('costs the invocation that had begun; those that had not run elsewhere, once', async () => {
    const pool = await warmPool()
    const running = runIn(pool, 'loop {}', ENDLESS)
    const behind = Array.from({ length: 5 }, (_, i) => runIn(pool, String(i)))
    await sleep(100)
    process.kill(onlyPid(pool), 'SIGKILL')
    expect(failureIn(await running)).toMatchObject({ code: 'PIC_EXEC_SANDBOX_LOST', status: 503 })
    expect(codes(await Promise.all(behind))).toEqual(['0', '1', '2', '3', '4'])
  })

  it('is replaced at once although it was idle', async () => {
    const pool = await warmPool()
    const pid = onlyPid(pool)
    process.kill(pid, 'SIGKILL')
    expect(await gone([pid])).toBe(true)
    while (pidsOf(pool).includes(pid)) await sleep(5)
    expect(pidsOf(pool)).toHaveLength(1)
    expect(bodyText(await runIn(pool, '"back"'))).toBe('back')
  })

  it.each([
    [
      'strings',
      'let a = []; let i = 0; loop { let s = ""; s.pad(100_000, "x"); a.push(s + i); i += 1; }',
    ],
    ['arrays', 'let a = []; loop { let b = []; b.pad(10_000, 1.5); a.push(b); }'],
    ['maps', 'let a = []; let i = 0; loop { a.push(#{ x: i, y: [i] }); i += 1; }'],
  ])('of a bomb of %s takes nothing with it', async (_what, source) => {
    const limits = {
      operationsMax: 0,
      arrayItemsMax: 0,
      mapEntriesMax: 0,
      dataBytesMax: 0,
      stringBytesMax: 0,
    }
    const pool = await warmPool({ processesMax: 2 })
    const bomb = runIn(pool, source, { limits })
    let done = false
    bomb.then(() => {
      done = true
    })
    let answered = 0
    while (!done) {
      expect(bodyText(await runIn(pool, '"alive"'))).toBe('alive')
      answered += 1
    }
    expect(answered).toBeGreaterThan(10)
    expect(failureIn(await bomb)).toMatchObject({
      code: 'PIC_EXEC_MEMORY',
      status: 500,
      exposed: true,
      limit: { name: 'sandboxMemoryBytesMax', value: MEMORY_BYTES_MAX },
      message: expect.stringContaining('the limit sandboxMemoryBytesMax is'),
    })
    expect(bodyText(await runIn(pool, '"after"'))).toBe('after')
  })

  it('of an answer that doubles without end as JSON takes nothing with it', async () => {
    const pool = await warmPool({ processesMax: 2 })
    const source = 'let a = [1]; for i in 0..60 { a = [a, a]; } a'
    const bomb = runIn(pool, source, { deadlineMs: 1000 })
    for (let i = 0; i < 50; i += 1) expect(bodyText(await runIn(pool, '"alive"'))).toBe('alive')
    expect(['PIC_SCRIPT_LIMIT', 'PIC_EXEC_MEMORY', 'PIC_EXEC_DEADLINE']).toContain(
      failureIn(await bomb).code,
    )
  })

  it('of a bomb of blobs is told that memory has run out, whether it survives that or not', async () => {
    const pool = await warmPool()
    const source = 'let a = []; loop { a.push(blob(8_000_000, 1)); }'
    const failure = failureIn(await runIn(pool, source, { limits: { dataBytesMax: 0 } }))
    expect(failure.code).toBe('PIC_EXEC_MEMORY')
    expect(bodyText(await runIn(pool, '"after"'))).toBe('after')
  })

  it('leaves word of it in the log', async () => {
    const lines: object[] = []
    const logger: Logger = { ...SILENT_LOGGER, warn: (fields) => lines.push(fields) }
    const pool = await warmPool({ logger })
    const pid = onlyPid(pool)
    process.kill(pid, 'SIGKILL')
    while (pidsOf(pool).includes(pid)) await sleep(5)
    expect(lines).toMatchObject([{ pid, reason: 'crashed', wasReady: true, held: 0 }])
  })
})

describe('a sandbox', () => {
  it('does not end when a terminal or a service manager signals every process', async () => {
    const pool = await warmPool()
    const pid = onlyPid(pool)
    // The process that keeps the sandbox's namespaces, where there is one, is signalled too.
    const pids = [pid, parentOf(pid)].filter((each) => each !== process.pid)
    const signalAll = () => {
      for (const each of pids) {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(each, signal)
      }
    }
    signalAll()
    const slow = runIn(pool, 'let i = 0; while i < 5_000_000 { i += 1; } i', ENDLESS)
    signalAll()
    expect(bodyText(await slow)).toBe('5000000')
    expect(onlyPid(pool)).toBe(pid)
  })
})

describe('sandboxes that cannot start', () => {
  it('are tried less and less often, and invocations fail by their deadline', async () => {
    let starts = 0
    const logger: Logger = {
      ...SILENT_LOGGER,
      warn: () => {
        starts += 1
      },
    }
    const pool = startPool({ command: { file: '/bin/false', args: [] }, logger })
    expect(failureIn(await runIn(pool, '1', { deadlineMs: 900 })).code).toBe('PIC_EXEC_DEADLINE')
    expect(starts).toBeGreaterThanOrEqual(3)
    expect(starts).toBeLessThanOrEqual(7)
  })

  it('are no harm when the program is not even there', async () => {
    const pool = startPool({ command: { file: '/nonexistent/node', args: [] } })
    expect(failureIn(await runIn(pool, '1', { deadlineMs: 200 })).code).toBe('PIC_EXEC_DEADLINE')
  })

  it('are killed when they say nothing', async () => {
    const pool = startPool({ command: { file: '/bin/sleep', args: ['60'] }, startMsMax: 100 })
    const pid = onlyPid(pool)
    await sleep(400)
    expect(isRunning(pid)).toBe(false)
  })
})

describe('the spare', () => {
  it('is started after the first work, not before', async () => {
    const pool = startPool()
    await expect.poll(() => pool.sandboxes[0]?.isReady).toBe(true)
    expect(pool.spare).toBe(null)
    await runIn(pool, '1')
    await readySpare(pool)
    expect(pool.figures.started).toBe(2)
  })

  it('takes the place of a lost sandbox at once, and the next one is started', async () => {
    const pool = await warmPool()
    const spare = await readySpare(pool)
    const pid = onlyPid(pool)
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => onlyPid(pool)).toBe(spare)
    expect(pool.sandboxes[0]?.isReady).toBe(true)
    expect(bodyText(await runIn(pool, '"on the spare"'))).toBe('on the spare')
    expect(await readySpare(pool)).not.toBe(spare)
  })

  it('is there for load at once', async () => {
    const pool = startPool({ processesMax: 2 })
    await runIn(pool, '1')
    const spare = await readySpare(pool)
    const slow = runIn(pool, 'loop {}', { ...ENDLESS, deadlineMs: 400 })
    await sleep(50)
    const quick = runIn(pool, '"quick"')
    expect(pidsOf(pool)).toContain(spare)
    expect(bodyText(await quick)).toBe('quick')
    await slow
  })

  it('is replaced when it dies itself', async () => {
    const pool = await warmPool()
    const pid = onlyPid(pool)
    const spare = await readySpare(pool)
    process.kill(spare, 'SIGKILL')
    await expect.poll(() => pool.spare?.pid).not.toBe(spare)
    await readySpare(pool)
    expect(onlyPid(pool)).toBe(pid)
  })
})

describe('the memory of a sandbox', () => {
  const FILL = 'let a = []; for i in 0..12 { a.push(blob(8_000_000, 1)); }'
  const AMPLE = { residentBytesMax: Infinity, ownBytesToRecycle: Infinity }
  const limits = { operationsMax: 0, dataBytesMax: 0 }

  it('beyond its ceiling ends it, whatever it does', async () => {
    const pool = await warmPool({ memoryCeiling: { ...AMPLE, residentBytesMax: 120 * MIB } })
    const pid = onlyPid(pool)
    expect(bodyText(await runIn(pool, '"small"'))).toBe('small')
    expect(onlyPid(pool)).toBe(pid)
    const filled = await runIn(pool, `${FILL} loop {}`, { limits })
    expect(failureIn(filled)).toMatchObject({ code: 'PIC_EXEC_MEMORY', status: 500 })
    expect(pool.figures.lost).toEqual(new Map([['memory', 1]]))
    expect(bodyText(await runIn(pool, '"after"'))).toBe('after')
  })

  it('that it keeps has it replaced, and nobody notices', async () => {
    const pool = await warmPool({ memoryCeiling: { ...AMPLE, ownBytesToRecycle: 60 * MIB } })
    const pid = onlyPid(pool)
    const spare = await readySpare(pool)
    for (let i = 0; i < 20; i += 1) await runIn(pool, '"small"')
    expect(pool.figures.recycled).toBe(0)
    const filling = runIn(pool, `${FILL} let i = 0; while i < 10_000_000 { i += 1; } i`, { limits })
    await expect.poll(() => pool.figures.recycled).toBe(1)
    expect(pidsOf(pool)).toEqual([spare, pid])
    // The one that is replaced still works, and others do not wait for it.
    expect(bodyText(await runIn(pool, '"meanwhile"'))).toBe('meanwhile')
    expect(bodyText(await filling)).toBe('10000000')
    await expect.poll(() => pidsOf(pool)).toEqual([spare])
    expect(await gone([pid])).toBe(true)
    expect(pool.figures.lost.size).toBe(0)
  })

  it('is no reason to replace it all the time', async () => {
    const memoryCeiling = { ...AMPLE, ownBytesToRecycle: 1 }
    const pool = await warmPool({ memoryCeiling, recycleAgeMsMin: 60_000 })
    await readySpare(pool)
    for (let i = 0; i < 20; i += 1) {
      await runIn(pool, '1')
      await sleep(10)
    }
    expect(pool.figures.recycled).toBe(0)
  })
})

describe('the pool', () => {
  it('sends short scripts to one sandbox together, and spreads those that take time', async () => {
    const pool = await warmPool({ processesMax: 2 })
    const slow = 'let i = 0; while i < 3_000_000 { i += 1; } i'
    for (let i = 0; i < 5; i += 1) await runIn(pool, slow, ENDLESS)
    const loads = () => pool.sandboxes.map(({ load }) => load)
    const loadsOfShort = async () => {
      const short = Array.from({ length: 5 }, () => runIn(pool, '1'))
      const seen = loads()
      await Promise.all(short)
      return seen
    }
    // On a busy machine it takes a few more runs until the script is known to be short.
    await expect.poll(loadsOfShort).toEqual([5, 0])
    const long = [runIn(pool, slow, ENDLESS), runIn(pool, '1'), runIn(pool, '1')]
    expect(loads()).toEqual([1, 2])
    await Promise.all(long)
  })

  it('sets no timer when there is nothing to do', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout')
    const before = timers().length
    const pool = startPool({ startMsMax: 3000 })
    await runIn(pool, '1')
    await readySpare(pool)
    await expect.poll(() => timers().length, { interval: 100 }).toBeLessThanOrEqual(before)
  })

  it('starts more sandboxes under load, and keeps one when there is nothing to do', async () => {
    const pool = await warmPool({ processesMax: 2, idleMs: 200 })
    const pids = pidsOf(pool)
    expect(pids).toHaveLength(2)
    await sleep(800)
    expect(pidsOf(pool)).toHaveLength(1)
    expect(pids).toContain(onlyPid(pool))
    expect(bodyText(await runIn(pool, '1'))).toBe('1')
  })

  it('lets a slow script hold up only those already with it', async () => {
    const pool = await warmPool({ processesMax: 2 })
    const slow = runIn(pool, 'let i = 0; while i < 30_000_000 { i += 1; } i', ENDLESS)
    let slowDone = false
    slow.then(() => {
      slowDone = true
    })
    await sleep(20)
    for (let i = 0; i < 20; i += 1) expect(bodyText(await runIn(pool, '"quick"'))).toBe('quick')
    expect(slowDone).toBe(false)
    await slow
  })

  it('starts another sandbox rather than let anything wait behind a slow script', async () => {
    const pool = startPool({ processesMax: 2 })
    for (let i = 0; i < 20; i += 1) await runIn(pool, '"quick"')
    expect(pidsOf(pool)).toHaveLength(1)
    let slowDone = false
    const slow = runIn(pool, 'loop {}', { ...ENDLESS, deadlineMs: 5000 })
    slow.then(() => {
      slowDone = true
    })
    await sleep(50)
    expect(bodyText(await runIn(pool, '"quick"'))).toBe('quick')
    expect(slowDone).toBe(false)
    expect(pidsOf(pool)).toHaveLength(2)
  })

  it('refuses what does not fit its queue', async () => {
    const pool = startPool({ queueMax: 10 })
    const outcomes = codes(await Promise.all(Array.from({ length: 15 }, () => runIn(pool, '1'))))
    expect(outcomes.filter((code) => code === '1')).toHaveLength(10)
    expect(outcomes.filter((code) => code === 'PIC_EXEC_OVERLOADED')).toHaveLength(5)
  })

  it('leaves no process and no timer behind when it stops', async () => {
    const pool = await warmPool({ processesMax: 2 })
    const pids = pidsOf(pool)
    const busy = runIn(pool, 'loop {}', ENDLESS)
    await sleep(20)
    process.kill(pids[0] ?? 0, 'SIGSTOP')
    await pool.stop()
    expect(failureIn(await busy).code).toBe('PIC_EXEC_STOPPED')
    expect(await gone(pids)).toBe(true)
  })

  it.runIf(existsSync('/usr/bin/setpriv'))(
    'does not outlive its supervisor, even busy',
    async () => {
      const script = `
      import { SandboxPool } from ${JSON.stringify(new URL('./sandbox-pool.ts', import.meta.url).href)}
import { sandboxCommand } from ${JSON.stringify(new URL('./sandbox-command.ts', import.meta.url).href)}
      const silent = { debug() {}, info() {}, warn() {}, error() {} }
      const pool = new SandboxPool({
        command: ${JSON.stringify(COMMAND)}, processesMax: 1, sandboxMemoryBytesMax: 67108864,
        memoryCeiling: { residentBytesMax: Infinity, ownBytesToRecycle: Infinity },
        logger: silent, queueMax: 10, graceMs: 100, startMsMax: 10000, idleMs: 1000, stopMsMax: 100,
        spareDelayMs: 0, memoryCheckMs: 1000, recycleAgeMsMin: 0,
      })
      const request = ${JSON.stringify(requestOf('loop {}', ENDLESS))}
      request.request.body = new Uint8Array(0)
      pool.execute(request)
      setTimeout(() => {
        process.stdout.write(String(pool.sandboxes[0].pid), () => process.kill(process.pid, 'SIGKILL'))
      }, 1500)`
      const args = ['--conditions=@picloud/source', '--input-type=module', '--eval', script]
      const { stdout } = spawnSync(process.execPath, args, { timeout: 20_000 })
      const pid = Number(stdout.toString('utf8'))
      expect(pid).toBeGreaterThan(1)
      expect(await gone([pid])).toBe(true)
    },
  )
})
