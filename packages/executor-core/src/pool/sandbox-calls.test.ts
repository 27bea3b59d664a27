/** Host calls and what the supervisor makes of sandboxes that wait, die or lie; with real processes. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecutionOutcome, Logger } from '@picloud/shared'
import { SILENT_LOGGER } from '@picloud/shared'
import { afterEach, describe, expect, it } from 'vitest'
import { bundledCode } from '../../test/bundled-code.ts'
import {
  bodyText,
  failureIn,
  outcomeIn,
  type RequestChanges,
  requestOf,
} from '../script-run.contract.ts'
import { createTestService } from '../test-service.ts'
import { memoryCeiling } from './memory-ceiling.ts'
import { type SandboxCommand, sandboxCommand } from './sandbox-command.ts'
import { SandboxPool, type SandboxPoolOptions } from './sandbox-pool.ts'

const MIB = 1024 * 1024
const MEMORY_BYTES_MAX = 64 * MIB
const COMMAND = sandboxCommand(MEMORY_BYTES_MAX, await bundledCode())
const ENDLESS = { operationsMax: 100_000_000_000, cpuMsMax: 600_000 }

const pools: SandboxPool[] = []
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.stop()
})

function startPool(options: Partial<SandboxPoolOptions> = {}) {
  const service = createTestService()
  const pool = new SandboxPool({
    command: COMMAND,
    processesMax: 1,
    sandboxMemoryBytesMax: MEMORY_BYTES_MAX,
    memoryCeiling: memoryCeiling(MEMORY_BYTES_MAX),
    logger: SILENT_LOGGER,
    services: [service],
    queueMax: 4096,
    graceMs: 200,
    startMsMax: 10_000,
    idleMs: 60_000,
    spareDelayMs: 60_000,
    memoryCheckMs: 500,
    recycleAgeMsMin: 60_000,
    stopMsMax: 2000,
    ...options,
  })
  pools.push(pool)
  const run = async (source: string, changes?: RequestChanges): Promise<ExecutionOutcome> =>
    outcomeIn(await pool.execute(requestOf(source, changes)))
  return { pool, service, run }
}

function onlyPid(pool: SandboxPool): number {
  const [sandbox, ...more] = pool.sandboxes
  if (sandbox?.pid === undefined || more.length > 0) throw new Error('not one sandbox')
  return sandbox.pid
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo() && waited < 5000; waited += 5) await sleep(5)
  expect(isSo()).toBe(true)
}

function codesOf(outcomes: readonly ExecutionOutcome[]): string[] {
  return outcomes.map((outcome) =>
    outcome.kind === 'answer' ? bodyText(outcome) : outcome.failure.code,
  )
}

describe('invocations that wait for the host', () => {
  it('are no load of their sandbox, and start no other', async () => {
    const { pool, service, run } = startPool({ processesMax: 4 })
    await run('1')
    const waiting: Promise<ExecutionOutcome>[] = []
    for (let i = 1; i <= 30; i += 1) {
      waiting.push(run('test::sleep(1500); 1'))
      await until(() => service.pending === i)
    }
    const [sandbox] = pool.sandboxes
    expect(pool.sandboxes).toHaveLength(1)
    expect(sandbox?.load).toBe(0)
    expect(bodyText(await run('"quick"'))).toBe('quick')
    expect(new Set(codesOf(await Promise.all(waiting)))).toEqual(new Set(['1']))
  })

  it('are a thousand in one process, answered in far less than one after another takes', async () => {
    const { pool, run } = startPool()
    await run('test::sleep(1); 1')
    const pid = onlyPid(pool)
    const startedAt = performance.now()
    const outcomes = await Promise.all(
      Array.from({ length: 1000 }, () => run('test::sleep(200); 1')),
    )
    expect(performance.now() - startedAt).toBeLessThan(10_000)
    expect(new Set(codesOf(outcomes))).toEqual(new Set(['1']))
    expect(onlyPid(pool)).toBe(pid)
    expect(pool.figures.started).toBe(1)
  })

  it('are ended by their deadline without loss of the process', async () => {
    const { pool, service, run } = startPool()
    await run('1')
    const pid = onlyPid(pool)
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => run('test::sleep(60_000); 1', { deadlineMs: 300 })),
    )
    expect(new Set(codesOf(outcomes))).toEqual(new Set(['PIC_EXEC_DEADLINE']))
    expect(onlyPid(pool)).toBe(pid)
    await until(() => service.pending === 0)
    await sleep(400)
    expect(onlyPid(pool)).toBe(pid)
    expect(pool.figures.lost.size).toBe(0)
  })

  it('cost no other its process when their deadline passes while it computes', async () => {
    const { pool, service, run } = startPool()
    await run('1')
    const pid = onlyPid(pool)
    const hurried = run('test::sleep(60_000); 1', { deadlineMs: 400 })
    await until(() => service.pending === 1)
    const slow = run('let i = 0; while i < 150_000_000 { i += 1; } i', { limits: ENDLESS })
    expect(failureIn(await hurried).code).toBe('PIC_EXEC_DEADLINE')
    await until(() => service.pending === 0)
    expect(bodyText(await slow)).toBe('150000000')
    expect(onlyPid(pool)).toBe(pid)
  })

  it('go on after one that computed meanwhile', async () => {
    const { service, run } = startPool()
    const waiting = run('test::sleep(100); "slept"')
    await until(() => service.pending === 1)
    const slow = run('let i = 0; while i < 30_000_000 { i += 1; } i', { limits: ENDLESS })
    expect(bodyText(await waiting)).toBe('slept')
    expect(bodyText(await slow)).toBe('30000000')
  })

  it('are lost with their process, and do not run twice; their calls are ended', async () => {
    const { pool, service, run } = startPool()
    await run('1')
    const waiting = Array.from({ length: 5 }, () => run('test::sleep(60_000); 1'))
    await until(() => service.pending === 5)
    process.kill(onlyPid(pool), 'SIGKILL')
    expect(codesOf(await Promise.all(waiting))).toEqual(Array(5).fill('PIC_EXEC_SANDBOX_LOST'))
    await until(() => service.pending === 0)
    expect(service.aborted).toBe(5)
    expect(bodyText(await run('"after"'))).toBe('after')
  })

  it('are lost where those behind one that computes run elsewhere', async () => {
    const { pool, service, run } = startPool()
    await run('1')
    const waiting = run('test::sleep(60_000); "waited"')
    await until(() => service.pending === 1)
    const running = run('loop {}', { limits: ENDLESS })
    await sleep(100)
    const behind = Array.from({ length: 3 }, (_, n) => run(`test::echo(${n})`))
    await sleep(100)
    process.kill(onlyPid(pool), 'SIGKILL')
    expect(codesOf(await Promise.all([waiting, running, ...behind]))).toEqual([
      'PIC_EXEC_SANDBOX_LOST',
      'PIC_EXEC_SANDBOX_LOST',
      '0',
      '1',
      '2',
    ])
  })

  it('are not blamed for the memory another one used up', async () => {
    const { service, run } = startPool()
    const waiting = run('test::sleep(60_000); 1')
    await until(() => service.pending === 1)
    const limits = { ...ENDLESS, arrayItemsMax: 0, dataBytesMax: 0 }
    const bomb = run('let a = []; let i = 0; loop { a.push(#{ x: i, y: [i] }); i += 1; }', {
      limits,
    })
    expect(failureIn(await bomb).code).toBe('PIC_EXEC_MEMORY')
    expect(failureIn(await waiting).code).toBe('PIC_EXEC_SANDBOX_LOST')
  })

  it('keep a sandbox from being retired as idle', async () => {
    const { pool, run } = startPool({ processesMax: 2, idleMs: 100 })
    const all = await Promise.all(Array.from({ length: 60 }, () => run('test::sleep(1000); 1')))
    expect(new Set(codesOf(all))).toEqual(new Set(['1']))
    expect(pool.figures.lost.size).toBe(0)
  })

  it('leave no call under way when the executor stops', async () => {
    const { pool, service, run } = startPool()
    const waiting = run('test::sleep(60_000); 1')
    await until(() => service.pending === 1)
    await pool.stop()
    expect(failureIn(await waiting).code).toBe('PIC_EXEC_STOPPED')
    await until(() => service.pending === 0)
  })
})

describe('a sandbox that was taken over', () => {
  const INVOKED = 3
  /** A process that answers each invocation by what `answer` sends: no sandbox at all. */
  function impostor(answer: string): SandboxCommand {
    const path = (file: string) =>
      JSON.stringify(new URL(`../protocol/${file}`, import.meta.url).href)
    const script = `
      import { Socket } from 'node:net'
      import { DEFAULT_FRAME_LIMITS, FRAME_KIND } from ${path('frame.ts')}
      import { FrameChannel } from ${path('frame-channel.ts')}
      import { ValueWriter } from ${JSON.stringify(import.meta.resolve('@picloud/shared/value-bytes'))}
      const told = []
      const limits = { metadataBytesMax: 1e9, bodyBytesMax: 1e9 }
      const channel = new FrameChannel({
        socket: new Socket({ fd: 3, readable: true, writable: true }),
        limits,
        onFrame: (frame) => {
          if (frame.kind !== ${INVOKED}) told.push(JSON.parse(frame.metadata))
          else answer(frame.id)
        },
        onClose: () => process.exit(),
      })
      const args = (...values) => {
        const writer = new ValueWriter(1e9)
        writer.array(values.length)
        for (const value of values) typeof value === 'string' ? writer.text(value) : writer.int(value)
        return writer.finish()
      }
      const call = (id, call, index, body) =>
        channel.send(FRAME_KIND.call, id, JSON.stringify({ call, function: index }), body)
      const ANSWER = '{"operations":0,"durationMs":0,"logs":[],"logsDropped":0,"status":200,"headers":{}}'
      const OUTCOME = ANSWER.replace('[]', '[null]')
      const LONG = new Uint8Array(5000)
      function answer(id) { ${answer} }
      channel.send(FRAME_KIND.hello, 0)`
    const options = ['--conditions=@picloud/source', '--no-warnings', '--input-type=module']
    return { file: process.execPath, args: [...options, '--eval', script] }
  }

  it('is killed for more calls than allowed, however few at once', async () => {
    const { service, run } = startPool({
      command: impostor('for (let n = 0; n < 5; n += 1) call(id, n, 0, args(900))'),
    })
    const limits = { hostCallsMax: 4, hostCallsAtOnceMax: 100 }
    expect(failureIn(await run('1', { limits })).code).toBe('PIC_EXEC_SANDBOX_LOST')
    await until(() => service.pending === 0)
  })

  it('is killed for a call of a service its app is not granted', async () => {
    const { service, run } = startPool({ command: impostor('call(id, 0, 0, args(900))') })
    const granted = { ...requestOf('1').app, services: ['kv'] }
    expect(failureIn(await run('1', { app: granted })).code).toBe('PIC_EXEC_SANDBOX_LOST')
    expect([service.pending, service.aborted]).toEqual([0, 0])
  })

  it('is not told where the scripts of an app may reach', async () => {
    const { run } = startPool({
      command: impostor(
        'channel.send(FRAME_KIND.outcome, id, ANSWER, Buffer.from(JSON.stringify(told)))',
      ),
    })
    const egress = { allow: ['secret.internal.example'], deny: ['*'] }
    const app = { ...requestOf('1').app, services: ['kv'], egress }
    const told = bodyText(await run('1', { app }))
    expect(told).toContain('"services":["kv"]')
    expect(told).not.toContain('secret.internal.example')
  })

  it.each([
    ['more calls at once than allowed', 'for (let n = 0; n < 3; n += 1) call(id, n, 0, args(900))'],
    ['two calls under one number', 'call(id, 1, 0, args(900)); call(id, 1, 0, args(900))'],
    ['a call of no function', 'call(id, 0, 99, args(1))'],
    ['arguments the function does not take', 'call(id, 0, 0, args("5"))'],
    ['too few arguments', 'call(id, 0, 0, args())'],
    ['arguments that are no values', 'call(id, 0, 0, new Uint8Array(9).fill(255))'],
    ['longer arguments than allowed', 'call(id, 0, 1, args("x".repeat(2000)))'],
    ['a call of no number', 'channel.send(FRAME_KIND.call, id, "{}", args(1))'],
    ['a call for an invocation it does not hold', 'call(id + 7, 0, 1, args(1))'],
    ['an invocation that begins and is not there', 'channel.send(FRAME_KIND.started, id + 7)'],
    ['wanting a source twice', 'channel.send(FRAME_KIND.sourceWanted, id)'],
    [
      'wanting the source of what has begun',
      'channel.send(FRAME_KIND.started, id); channel.send(FRAME_KIND.sourceWanted, id)',
    ],
    [
      'wanting the source of what waits for the host',
      'call(id, 0, 0, args(900)); channel.send(FRAME_KIND.sourceWanted, id)',
    ],
    ['an outcome no sandbox could have', 'channel.send(FRAME_KIND.outcome, id, OUTCOME)'],
    ['an answer longer than allowed', 'channel.send(FRAME_KIND.outcome, id, ANSWER, LONG)'],
  ])('is killed for %s', async (_what, answer) => {
    const reasons: unknown[] = []
    const logger: Logger = {
      ...SILENT_LOGGER,
      warn: (fields) => reasons.push((fields as { reason?: string }).reason),
    }
    const { service, run } = startPool({ command: impostor(answer), logger })
    const limits = {
      hostCallsMax: 4,
      hostCallsAtOnceMax: 2,
      hostValueBytesMax: 1024,
      outputBytesMax: 4096,
    }
    expect(failureIn(await run('1', { limits })).code).toBe('PIC_EXEC_SANDBOX_LOST')
    expect(reasons).toEqual(['protocol'])
    await until(() => service.pending === 0)
  })
})
