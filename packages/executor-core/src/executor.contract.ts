/**
 * What every {@link Executor} does, whether its sandboxes are children of this process or of an
 * executor program behind a socket. Each implementation runs this suite.
 *
 * @module
 */
import type { ExecutionOutcome, ExecutionRequest, Executor } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeHostCalls } from './host-calls.contract.ts'
import { describeImports } from './imports.contract.ts'
import {
  bodyText,
  describeRuns,
  failureIn,
  outcomeIn,
  type RequestChanges,
  requestOf,
} from './script-run.contract.ts'
import { describeStreams } from './streams.contract.ts'
import type { TestService } from './test-service.ts'

export interface ExecutorUnderTest {
  readonly executor: Executor
  /** What its scripts can call as `test::`. */
  readonly testService: TestService
  /** Ends everything the suite's executor needed besides itself. */
  close(): Promise<void>
}

export function describeExecutor(name: string, start: () => Promise<ExecutorUnderTest>): void {
  describe(name, () => {
    let under: ExecutorUnderTest
    beforeAll(async () => {
      under = await start()
    })
    afterAll(async () => {
      await under.executor.stop()
      await under.close()
    })
    const run = async (source: string, changes?: RequestChanges): Promise<ExecutionOutcome> =>
      outcomeIn(await under.executor.execute(requestOf(source, changes)))

    describeRuns(run)
    describeHostCalls(() => under)
    describeStreams(() => under)
    describeImports(() => under.executor)
    describeFlow(() => under.executor)
    describeStopping(start)
  })
}

function describeFlow(executor: () => Executor): void {
  it('gives each of many at once its own answer', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 500 }, (_, i) => {
        const source = i % 2 === 0 ? 'request.query.n' : '"odd " + request.query.n'
        return executor().execute(requestOf(source, { request: { query: { n: String(i) } } }))
      }),
    )
    const expected = outcomes.map((_, i) => (i % 2 === 0 ? String(i) : `odd ${i}`))
    expect(outcomes.map(bodyText)).toEqual(expected)
  })

  it('runs hundreds of versions, each its own source', async () => {
    const all = Array.from({ length: 300 }, (_, i) => requestOf(`let version = ${i}; version`))
    const outcomes = await Promise.all(all.map((request) => executor().execute(request)))
    expect(outcomes.map(bodyText)).toEqual(all.map((_, i) => String(i)))
  })

  it('compiles a script that may be asked for soon, before it is', async () => {
    // So long that compiling takes many times what running does, however busy the machine is.
    const parts = Array.from(
      { length: 400 },
      (_, i) => `fn f${i}(x) { if x > ${i} { x * 2 } else { x } }`,
    )
    const sourceOf = (name: string) => `${parts.join('\n')} f1("${name}".len())`
    const durationOf = async (request: ExecutionRequest) => {
      const outcome = outcomeIn(await executor().execute(request))
      expect(bodyText(outcome)).toBe('10')
      return outcome.durationMs
    }
    const [cold, prepared] = [requestOf(sourceOf('cold?')), requestOf(sourceOf('ready'))]
    await durationOf(requestOf(sourceOf('first')))
    const coldMs = await durationOf(cold)
    await executor().prepare?.(prepared)
    expect(await durationOf(prepared)).toBeLessThan(coldMs / 4)
  })

  it('takes no harm from a prepared script that does not compile', async () => {
    const broken = requestOf('let = 1')
    await executor().prepare?.(broken)
    expect(failureIn(await executor().execute(broken)).code).toBe('PIC_SCRIPT_PARSE')
  })

  it('does not run what is past its deadline', async () => {
    const outcome = await executor().execute(requestOf('1', { deadlineMs: -1 }))
    expect(failureIn(outcome)).toMatchObject({ code: 'PIC_EXEC_DEADLINE', status: 504 })
  })

  it('drops the result when the caller has gone', async () => {
    const controller = new AbortController()
    const pending = executor().execute(requestOf('1'), controller.signal)
    controller.abort()
    expect(failureIn(await pending).code).toBe('PIC_EXEC_CANCELLED')
    const late = executor().execute(requestOf('1'), AbortSignal.abort())
    expect(failureIn(await late).code).toBe('PIC_EXEC_CANCELLED')
    expect(bodyText(await executor().execute(requestOf('"still here"')))).toBe('still here')
  })
}

function describeStopping(start: () => Promise<ExecutorUnderTest>): void {
  it('fails what is in flight when it stops, and everything after', async () => {
    const { executor, close } = await start()
    await executor.execute(requestOf('1'))
    const limits = { operationsMax: 100_000_000_000 }
    const pending = Array.from({ length: 5 }, () =>
      executor.execute(requestOf('loop {}', { limits })),
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    const stoppedAt = performance.now()
    await executor.stop()
    expect(performance.now() - stoppedAt).toBeLessThan(3000)
    for (const outcome of await Promise.all(pending)) {
      expect(failureIn(outcome)).toMatchObject({ code: 'PIC_EXEC_STOPPED', status: 503 })
    }
    expect(failureIn(await executor.execute(requestOf('1'))).code).toBe('PIC_EXEC_STOPPED')
    await executor.stop()
    await close()
  })
}
