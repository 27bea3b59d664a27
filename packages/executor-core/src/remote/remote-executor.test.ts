import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Executor } from '@picloud/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeExecutor } from '../executor.contract.ts'
import { startExecutor } from '../executor.ts'
import { bodyText, failureIn, outcomeIn, requestOf } from '../script-run.contract.ts'
import { createTestService } from '../test-service.ts'
import { connectExecutor } from './connect-executor.ts'
import { type ExecutorServer, serveExecutor } from './serve-executor.ts'

const MIB = 1024 * 1024

function startPool(): Executor {
  return startExecutor({ processes: 1, sandboxMemoryBytesMax: 128 * MIB })
}

describeExecutor('an executor reached through a socket', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'picloud-remote-'))
  const socketPath = join(folder, 'executor.sock')
  const testService = createTestService()
  const pool = startExecutor({
    processes: 2,
    sandboxMemoryBytesMax: 128 * MIB,
    services: [testService],
  })
  const server = await serveExecutor({ socketPath, executor: pool })
  return {
    executor: connectExecutor({ socketPath }),
    testService,
    close: async () => {
      await server.stop()
      await pool.stop()
      await rm(folder, { recursive: true })
    },
  }
})

describe('the link to an executor', () => {
  let folder: string
  let socketPath: string
  const cleanups: (() => Promise<void>)[] = []

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'picloud-link-'))
    socketPath = join(folder, 'executor.sock')
  })
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
    await rm(folder, { recursive: true })
  })

  async function serve(executor: Executor): Promise<ExecutorServer> {
    const server = await serveExecutor({ socketPath, executor })
    cleanups.push(() => server.stop())
    return server
  }

  function pool(): Executor {
    const executor = startPool()
    cleanups.push(() => executor.stop())
    return executor
  }

  function connect(linkWaitMs: number): Executor {
    const remote = connectExecutor({ socketPath, linkWaitMs })
    cleanups.push(() => remote.stop())
    return remote
  }

  it('fails what waits for an executor that is not there', async () => {
    const remote = connect(200)
    const outcome = outcomeIn(await remote.execute(requestOf('1')))
    expect(failureIn(outcome)).toMatchObject({ code: 'PIC_EXEC_LINK_LOST', status: 503 })
    expect(outcome.durationMs).toBeGreaterThan(150)
    const hurried = await remote.execute(requestOf('1', { deadlineMs: 50 }))
    expect(failureIn(hurried).code).toBe('PIC_EXEC_DEADLINE')
  })

  it('waits for an executor that comes a little later', async () => {
    const remote = connect(10_000)
    const pending = remote.execute(requestOf('"late"'))
    await new Promise((resolve) => setTimeout(resolve, 100))
    await serve(pool())
    expect(bodyText(await pending)).toBe('late')
  })

  it('fails what was in flight when the link breaks, and links again', async () => {
    const executor = pool()
    const server = await serve(executor)
    const remote = connect(10_000)
    expect(bodyText(await remote.execute(requestOf('"first"')))).toBe('first')
    const limits = { operationsMax: 100_000_000_000 }
    const pending = remote.execute(requestOf('loop {}', { limits, deadlineMs: 2000 }))
    await new Promise((resolve) => setTimeout(resolve, 50))
    await server.stop()
    expect(failureIn(await pending).code).toBe('PIC_EXEC_LINK_LOST')
    await serve(executor)
    expect(bodyText(await remote.execute(requestOf('"first"')))).toBe('first')
  })

  it('answers by the deadline when the other end says nothing', async () => {
    const sockets: Socket[] = []
    const mute = createServer((socket) => sockets.push(socket)).listen(socketPath)
    cleanups.push(async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => mute.close(resolve))
    })
    const outcome = await connect(10_000).execute(requestOf('1', { deadlineMs: 100 }))
    expect(failureIn(outcome).code).toBe('PIC_EXEC_DEADLINE')
  })

  it('is for its owner alone', async () => {
    await serve(pool())
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600)
  })

  it('refuses a path where another executor answers, and takes one left behind', async () => {
    const executor = pool()
    const first = await serve(executor)
    await expect(serveExecutor({ socketPath, executor })).rejects.toMatchObject({
      code: 'PIC_EXEC_SOCKET_IN_USE',
    })
    expect(await stat(socketPath)).toBeDefined()
    await first.stop()
    await leaveSocketBehind(socketPath)
    await serve(executor)
    expect(bodyText(await connect(1000).execute(requestOf('"ok"')))).toBe('ok')
  })

  it('refuses a path where something else is', async () => {
    await writeFile(socketPath, 'precious')
    await expect(serveExecutor({ socketPath, executor: pool() })).rejects.toMatchObject({
      code: 'PIC_EXEC_SOCKET_UNUSABLE',
    })
  })
})

/** As an executor that was killed outright leaves it. */
async function leaveSocketBehind(socketPath: string): Promise<void> {
  const { spawnSync } = await import('node:child_process')
  const code = `require('node:net').createServer().listen(${JSON.stringify(socketPath)}, () => {
    process.kill(process.pid, 'SIGKILL')
  })`
  spawnSync(process.execPath, ['-e', code])
  expect((await stat(socketPath)).isSocket()).toBe(true)
}
