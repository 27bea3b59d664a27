/**
 * Defects of the engine itself: what no meter sees. The sandboxes here are real ones that hang, die
 * or eat memory where they read an invocation, when its path says so.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type AppId, newId, SILENT_LOGGER } from '@picloud/shared'
import { afterEach, describe, expect, it } from 'vitest'
import { bundledCode } from '../../test/bundled-code.ts'
import { bodyText, failureIn, requestOf } from '../script-run.contract.ts'
import { memoryCeiling } from './memory-ceiling.ts'
import { sandboxCommand } from './sandbox-command.ts'
import { SandboxPool } from './sandbox-pool.ts'

const MIB = 1024 * 1024
const MEMORY_BYTES_MAX = 64 * MIB
const FAULTS = `
const parseJson = JSON.parse
JSON.parse = (text, ...rest) => {
  const fault = /"path":"\\/fault\\/(\\w+)"/.exec(text)?.[1]
  if (fault === 'hang') for (;;) {}
  if (fault === 'abort') process.abort()
  if (fault === 'exit') process.exit(3)
  if (fault === 'heap') for (const all = []; ; ) all.push(new Array(1000).fill(0.5))
  return parseJson(text, ...rest)
}`
const COMMAND = sandboxCommand(MEMORY_BYTES_MAX, await bundledCode(FAULTS))

const pools: SandboxPool[] = []
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.stop()
})

/** A pool of up to two sandboxes with a spare that is ready. */
async function readyPool(): Promise<SandboxPool> {
  const pool = new SandboxPool({
    command: COMMAND,
    processesMax: 2,
    sandboxMemoryBytesMax: MEMORY_BYTES_MAX,
    memoryCeiling: memoryCeiling(MEMORY_BYTES_MAX),
    logger: SILENT_LOGGER,
    queueMax: 1000,
    graceMs: 100,
    startMsMax: 10_000,
    idleMs: 60_000,
    spareDelayMs: 0,
    memoryCheckMs: 50,
    recycleAgeMsMin: 60_000,
    stopMsMax: 2000,
  })
  pools.push(pool)
  await pool.execute(requestOf('1'))
  await expect.poll(() => pool.spare?.isReady).toBe(true)
  return pool
}

const OTHER_APP = { id: newId<AppId>(), slug: 'other', services: null, egress: null }

describe('a defect of the engine', () => {
  it.each([
    ['hang', 'PIC_EXEC_DEADLINE', 504, 'hung'],
    ['abort', 'PIC_EXEC_SANDBOX_LOST', 503, 'crashed'],
    ['exit', 'PIC_EXEC_SANDBOX_LOST', 503, 'crashed'],
    ['heap', 'PIC_EXEC_MEMORY', 500, 'memory'],
  ])('(%s) is answered with %s, and others never notice', async (fault, code, status, reason) => {
    const pool = await readyPool()
    const spare = pool.spare?.pid
    const request = { path: `/fault/${fault}` }
    const faulty = pool.execute(requestOf('request.path', { request, deadlineMs: 1500 }))
    let isAnswered = false
    faulty.then(() => {
      isAnswered = true
    })
    // Longer than it takes to see that a sandbox gives no answer.
    await sleep(20)
    for (let answered = 0; answered < 20 || !isAnswered; answered += 1) {
      const outcome = await pool.execute(requestOf('"fine"', { app: OTHER_APP }))
      expect(bodyText(outcome)).toBe('fine')
    }
    expect(failureIn(await faulty)).toMatchObject({ code, status })
    expect(pool.figures.lost).toEqual(new Map([[reason, 1]]))
    // What serves now was warm before it was needed.
    const inUse = pool.sandboxes.map(({ pid }) => pid)
    expect(inUse).toContain(spare)
    expect(pool.sandboxes.some(({ pid, isReady }) => pid === spare && isReady)).toBe(true)
    const again = requestOf('request.path', { request: { path: '/ok' } })
    expect(bodyText(await pool.execute(again))).toBe('/ok')
  })
})
