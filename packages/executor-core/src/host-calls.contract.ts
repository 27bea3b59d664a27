/**
 * What scripts see of host services, and what services see of the end of scripts. Part of the suite
 * every executor runs.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type AppId,
  type EgressRules,
  type ExecutionOutcome,
  type Executor,
  newId,
} from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import {
  bodyText,
  failureIn,
  outcomeIn,
  type RequestChanges,
  requestOf,
} from './script-run.contract.ts'
import type { TestService } from './test-service.ts'

interface UnderTest {
  readonly executor: Executor
  readonly testService: TestService
}

type Run = (source: string, changes?: RequestChanges) => Promise<ExecutionOutcome>

/** Registers the tests; `under` answers what the suite has started. */
export function describeHostCalls(under: () => UnderTest): void {
  const run: Run = async (source, changes) =>
    outcomeIn(await under().executor.execute(requestOf(source, changes)))
  describe('a script that calls the host', () => {
    describeValues(run)
    describeGrants(run)
    describeErrors(run)
    describeCallLimits(run)
    describeWaiting(run)
    describeEnds(under, run)
    describeComputing(run)
  })
}

function describeValues(run: Run): void {
  it.each([
    ['test::echo(42)', '42'],
    ['[test::echo(1), test::echo(1.0)]', '[1,1.0]'],
    ['test::echo(9223372036854775807) - 1', '9223372036854775806'],
    ['[type_of(test::echo(\'x\')), type_of(test::echo("x"))]', '["char","string"]'],
    ['test::echo(#{ a: [1, #{ b: () }], c: true })', '{"a":[1,{"b":null}],"c":true}'],
    ['test::echo(blob(3, 65))', 'AAA'],
    ['test::echo(()) == ()', 'true'],
    ['let a = [1, 2]; let b = test::echo(a); b.push(3); [a, b]', '[[1,2],[1,2,3]]'],
    ['[3, 1, 2].map(|x| test::echo(x * 10))', '[30,10,20]'],
    ['fn f(n) { if n == 0 { 0 } else { test::echo(n) + f(n - 1) } } f(10)', '55'],
    ['let s = 0; for i in 0..20 { s += test::echo(i); } s', '190'],
    ['test::echo(request.query.x) + ctx.app', '1shop'],
    ['eval("test::echo(7)")', '7'],
  ])('gets what the service answers: %s', async (source, expected) => {
    expect(bodyText(await run(source))).toBe(expected)
  })

  it('counts the same operations whoever runs beside it', async () => {
    const source = 'let s = 0; for i in 0..1000 { s += i; } test::echo(s)'
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => run(source)))
    expect(new Set(outcomes.map(({ operations }) => operations)).size).toBe(1)
    expect(outcomes[0]?.operations).toBeGreaterThan(1000)
  })
}

function describeGrants(run: Run): void {
  const appWith = (services: readonly string[] | null, egress: EgressRules | null = null) => ({
    app: { id: newId<AppId>(), slug: 'granted', services, egress },
  })

  it.each([
    [[], 'test::echo(1)'],
    [['kv', 'tes'], 'eval("test::echo(1)")'],
    [[], 'fn f() { test::echo(1) } f()'],
  ])('has no service that is not in %j: %s', async (services, source) => {
    const { kind, message } = failureIn(await run(source, appWith(services)))
    expect([kind, message]).toEqual([
      'ErrorModuleNotFound',
      expect.stringContaining('Module not found: test'),
    ])
  })

  it('has its own modules whatever it is granted', async () => {
    expect(bodyText(await run('log::info("x"); base64::encode("a")', appWith([])))).toBe('YQ==')
  })

  it('has what is granted from the next request on, and no more when it is taken', async () => {
    const source = 'test::echo("granted")'
    for (let round = 0; round < 2; round += 1) {
      expect(failureIn(await run(source, appWith([]))).kind).toBe('ErrorModuleNotFound')
      expect(bodyText(await run(source, appWith(['test'])))).toBe('granted')
      expect(failureIn(await run(source, appWith(['kv']))).kind).toBe('ErrorModuleNotFound')
      expect(bodyText(await run(source, appWith(null)))).toBe('granted')
    }
  })

  it('says with each call where its app may reach', async () => {
    const egress = { allow: ['10.0.0.1'], deny: ['*'] }
    const text = bodyText(await run('test::egress()', appWith(['test'], egress)))
    expect(JSON.parse(text)).toEqual(egress)
    expect(bodyText(await run('test::egress() == ()', appWith(null)))).toBe('true')
  })
}

function describeErrors(run: Run): void {
  it('catches what the service refuses, with code and message', async () => {
    const source =
      'let r = 0; try { test::fail("no luck") } catch (e) { r = e; } [r.code, r.message]'
    expect(bodyText(await run(source))).toBe('["TEST_FAILED","no luck"]')
  })

  it('is told the beginning of a message that would not fit into a frame', async () => {
    const source = `
      let long = "";
      long.pad(2_000_000, "\\u0001");
      let r = 0;
      try { test::fail(long) } catch (e) { r = e; }
      [r.code, r.message.len(), r.message.ends_with("...")]`
    expect(bodyText(await run(source))).toBe('["TEST_FAILED",16387,true]')
  })

  it('says kind and position of a refusal nobody caught, and shows it to no client', async () => {
    expect(failureIn(await run('let a = 1;\ntest::fail("no luck")'))).toMatchObject({
      code: 'PIC_SCRIPT_ERROR',
      status: 500,
      exposed: false,
      kind: 'ErrorRuntime',
      message: expect.stringContaining('no luck (TEST_FAILED)'),
      line: 2,
      column: 7,
    })
    const inside = failureIn(await run('fn f() {\n  test::fail("x")\n}\nf()'))
    expect(inside).toMatchObject({ kind: 'ErrorRuntime', line: 2 })
  })

  it('is ended by a bug of the service, whatever it catches, and told nothing of it', async () => {
    const failure = failureIn(await run('try { test::crash() } catch { 1 }'))
    expect(failure).toMatchObject({ code: 'PIC_EXEC_ENGINE', status: 500, exposed: false })
    expect(failure.message).not.toContain('as if there were a bug')
  })

  it.each([
    ['test::echo(|x| x)', 'Fn'],
    ['test::echo(timestamp())', 'timestamp'],
    ['test::echo([0..5])', 'range'],
  ])('cannot give away what is no data: %s', async (call, type) => {
    expect(failureIn(await run(call))).toMatchObject({ code: 'PIC_SCRIPT_ERROR', line: 1 })
    const caught = bodyText(await run(`let r = 0; try { ${call} } catch (e) { r = e; } r`))
    expect(caught).toMatch(/^test::echo cannot take a value of /)
    expect(caught).toContain(type)
  })

  it.each(['test::sleep("5")', 'test::none(1)', 'test::echo()', 'none::echo(1)'])(
    'finds no function for %s',
    async (source) => {
      expect(failureIn(await run(source))).toMatchObject({ code: 'PIC_SCRIPT_ERROR' })
    },
  )
}

function describeCallLimits(run: Run): void {
  it.each([
    ['loop { test::echo(1); }', { hostCallsMax: 5 }],
    ['let s = ""; s.pad(2000, "x"); test::echo(s)', { hostValueBytesMax: 1024 }],
    [
      // The answer is an item longer than the argument list that asked for it.
      'let s = ""; s.pad(1024 - 10, "x"); test::double(s)',
      { hostValueBytesMax: 1024 },
    ],
  ])('is stopped by a limit no script can catch: %s', async (source, limits) => {
    const [[name, value] = ['', 0]] = Object.entries(limits)
    const outcome = await run(`let a = 1;\ntry { ${source} } catch { "caught" }`, { limits })
    expect(failureIn(outcome)).toMatchObject({
      code: 'PIC_SCRIPT_LIMIT',
      status: 500,
      exposed: true,
      line: 2,
      limit: { name, value },
      message: expect.stringContaining(`${name} is ${value}.`),
    })
  })

  it('may make as many calls as the limit says', async () => {
    const source = 'let n = 0; for i in 0..5 { n += test::echo(1); } n'
    expect(bodyText(await run(source, { limits: { hostCallsMax: 5 } }))).toBe('5')
  })

  it('is charged for what it gives away, before that is done', async () => {
    const source = 'let a = ["text"]; for i in 0..40 { a = [a, a]; } test::echo(a)'
    const limits = { operationsMax: 100_000, dataBytesMax: 0 }
    expect(failureIn(await run(source, { limits })).limit?.name).toBe('operationsMax')
  })

  it('cannot get a longer text from the host than it may have', async () => {
    const source = 'let s = ""; s.pad(700, "x"); test::double(s)'
    const failure = failureIn(await run(source, { limits: { stringBytesMax: 1024 } }))
    expect(failure.limit).toEqual({ name: 'stringBytesMax', value: 1024 })
  })
}

function describeWaiting(run: Run): void {
  it('waits without computing, and both times are told', async () => {
    const outcome = await run('test::sleep(100); 1')
    expect(outcome.durationMs).toBeGreaterThanOrEqual(95)
    expect(outcome.computedMs).toBeLessThan(80)
  })

  it('writes its own log lines while others write theirs', async () => {
    const source = `
      log::info("begin " + request.query.n);
      test::sleep(20);
      print("middle " + request.query.n);
      test::echo(1);
      log::info("end " + request.query.n);
      request.query.n`
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, n) => run(source, { request: { query: { n: String(n) } } })),
    )
    for (const [n, outcome] of outcomes.entries()) {
      expect(bodyText(outcome)).toBe(String(n))
      const messages = outcome.logs.map(({ message }) => message)
      expect(messages).toEqual([`begin ${n}`, `middle ${n}`, `end ${n}`])
    }
  })

  it('does not keep others from running', async () => {
    let isAwake = false
    const sleeping = Array.from({ length: 200 }, () => run('test::sleep(1500); "slept"'))
    const all = Promise.all(sleeping).then((outcomes) => {
      isAwake = true
      return outcomes
    })
    for (let i = 0; i < 20; i += 1) expect(bodyText(await run('"quick"'))).toBe('quick')
    expect(isAwake).toBe(false)
    expect(new Set((await all).map(bodyText))).toEqual(new Set(['slept']))
  })

  it('is one of a thousand that wait at once', async () => {
    await run('test::sleep(1)')
    const startedAt = performance.now()
    const outcomes = await Promise.all(
      Array.from({ length: 1000 }, (_, n) =>
        run('test::sleep(200); request.query.n', { request: { query: { n: String(n) } } }),
      ),
    )
    expect(performance.now() - startedAt).toBeLessThan(10_000)
    expect(outcomes.map(bodyText)).toEqual(outcomes.map((_, n) => String(n)))
  })
}

function describeEnds(under: () => UnderTest, run: Run): void {
  /** Waits until no call is under way any more. */
  async function settled(): Promise<void> {
    for (let waited = 0; under().testService.pending > 0 && waited < 3000; waited += 10) {
      await sleep(10)
    }
    expect(under().testService.pending).toBe(0)
  }

  it('is ended by its deadline where it waits, and so is the call', async () => {
    const startedAt = performance.now()
    const outcome = await run('log::info("kept");\ntest::sleep(60_000); 1', { deadlineMs: 300 })
    expect(failureIn(outcome)).toMatchObject({
      code: 'PIC_EXEC_DEADLINE',
      status: 504,
      exposed: true,
      line: 2,
    })
    expect(outcome.logs).toMatchObject([{ message: 'kept' }])
    expect(performance.now() - startedAt).toBeLessThan(2000)
    await settled()
  })

  it('cannot catch its deadline', async () => {
    const source = 'loop { try { test::sleep(60_000) } catch { } }'
    const outcome = await run(source, { deadlineMs: 300 })
    expect(failureIn(outcome).code).toBe('PIC_EXEC_DEADLINE')
  })

  it('ends with its caller, and so does the call', async () => {
    const { executor, testService } = under()
    await settled()
    const abortedBefore = testService.aborted
    const controller = new AbortController()
    const pending = executor.execute(requestOf('test::sleep(60_000); 1'), controller.signal)
    while (testService.pending === 0) await sleep(5)
    controller.abort()
    expect(failureIn(await pending).code).toBe('PIC_EXEC_CANCELLED')
    await settled()
    expect(testService.aborted).toBe(abortedBefore + 1)
    expect(bodyText(await run('test::echo("still here")'))).toBe('still here')
  })
}

function describeComputing(run: Run): void {
  const ENDLESS = { operationsMax: 100_000_000_000 }

  it.each([
    'loop {}',
    'try { loop {} } catch { }',
    'test::echo(1); loop {}',
    'loop { test::echo(1); let i = 0; while i < 200_000 { i += 1; } }',
  ])('is stopped when it has computed too long: %s', async (source) => {
    const limits = { ...ENDLESS, cpuMsMax: 100 }
    expect(failureIn(await run(source, { limits }))).toMatchObject({
      code: 'PIC_SCRIPT_LIMIT',
      exposed: true,
      line: 1,
      limit: { name: 'cpuMsMax', value: 100 },
      message: expect.stringContaining('cpuMsMax is 100.'),
    })
  })

  it('may wait longer than it may compute', async () => {
    const source = 'test::sleep(300); for i in 0..5_000_000 { } "done"'
    expect(bodyText(await run(source, { limits: { ...ENDLESS, cpuMsMax: 250 } }))).toBe('done')
  })

  it('is ended by its deadline where it computes', async () => {
    const outcome = await run('test::echo(1);\nloop {}', { limits: ENDLESS, deadlineMs: 300 })
    expect(failureIn(outcome)).toMatchObject({ code: 'PIC_EXEC_DEADLINE', line: 2 })
  })
}
