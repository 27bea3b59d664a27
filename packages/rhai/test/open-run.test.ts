/**
 * Functions a script gave to its host, called after the script: within the same run, with the same
 * limits, and with errors that say where.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import {
  ANY,
  asyncHostFunction,
  canonicalText,
  compile,
  Host,
  isFunction,
  type OpenRun,
  RhaiError,
  type RunOptions,
  type Value,
} from '../src/index.ts'

const HOST = new Host({
  modules: {
    later: {
      functions: {
        get: asyncHostFunction([ANY], async (_context, value) => {
          await turn()
          return value
        }),
        hang: asyncHostFunction([ANY], () => new Promise(() => {})),
      },
    },
  },
})

/** The script's function is called as the form of the script asks for. */
interface Opened {
  readonly open: OpenRun
  call(...args: readonly Value[]): Promise<Value>
}

type OpenScript = (source: string, options?: RunOptions) => Promise<Opened>

const atOnce: OpenScript = async (source, options) => {
  const open = compile(source).instantiate().open(options)
  return { open, call: async (...args) => open.call(functionIn(open), args) }
}

/** The same script where anything may wait. */
const later: OpenScript = async (source, options) => {
  const text = `fn unused() { later::get(1) }\n${source}`
  const open = await compile(text, { host: HOST }).instantiate().openAsync(options)
  return { open, call: (...args) => open.callAsync(functionIn(open), args) }
}

function functionIn({ value }: OpenRun) {
  if (isFunction(value)) return value
  throw new TypeError(`no function but ${canonicalText(value)}`)
}

async function failureOf(work: Promise<unknown>): Promise<RhaiError> {
  const error = await work.then(
    () => null,
    (reason) => reason,
  )
  if (error instanceof RhaiError) return error
  throw new Error(`no error of the language but ${error}`)
}

describe.each([
  ['at once', atOnce],
  ['later', later],
])('a function called after its script, %s', (_, openScript) => {
  it('sees what it captured, from call to call', async () => {
    const { open, call } = await openScript('let n = 0; |step| { n += step; n }')
    expect(await call(2)).toBe(2)
    expect(await call(5)).toBe(7)
    open.close()
  })

  it('may be a function of the script by its name', async () => {
    const { call } = await openScript('fn twice(x) { x * 2 } Fn("twice")')
    expect(await call(21)).toBe(42)
  })

  it('has no this and none of the variables of the script', async () => {
    const { call } = await openScript('fn f() { this } Fn("f")')
    expect((await failureOf(call())).root?.kind).toBe('ErrorUnboundThis')
  })

  it('uses up the operations of the run', async () => {
    const source = '|| { let s = 0; for i in 0..100 { s += i; } s }'
    const { open, call } = await openScript(source, { limits: { operationsMax: 5_000 } })
    const before = open.operations
    await call()
    expect(open.operations).toBeGreaterThan(before + 100)
    const each = open.operations - before
    const failure = await failureOf(
      (async () => {
        for (;;) await call()
      })(),
    )
    expect(failure.limit).toEqual({ name: 'operationsMax', value: 5_000 })
    expect(failure.operations).toBeGreaterThan(5_000 - each)
  })

  it('is charged for every call, however little it does', async () => {
    const { open, call } = await openScript('|| ()')
    const before = open.operations
    for (let i = 0; i < 10; i++) await call()
    expect(open.operations).toBeGreaterThanOrEqual(before + 10)
  })

  it('fills the data sizes of the run', async () => {
    const source = `let all = []; || { all.push("${'x'.repeat(100)}"); all.len() }`
    const { call } = await openScript(source, { limits: { dataBytesMax: 1_000 } })
    const failure = await failureOf(
      (async () => {
        for (;;) await call()
      })(),
    )
    expect(failure.limit?.name).toBe('dataBytesMax')
  })

  it('stands as deep as a function its script calls', async () => {
    const source = 'fn f(n) { if n == 0 { 0 } else { f(n - 1) } } |n| f(n)'
    const { call } = await openScript(source, { limits: { callDepthMax: 10 } })
    expect(await call(8)).toBe(0)
    expect((await failureOf(call(9))).kind).toBe('ErrorStackOverflow')
  })

  it('says where it failed', async () => {
    const line = openScript === later ? 4 : 3
    const thrown = await openScript('let a = 1;\n|| {\n  throw a\n}')
    const failure = await failureOf(thrown.call())
    expect(failure.root).toMatchObject({ kind: 'ErrorRuntime', line, column: 3 })
    const endless = await openScript('|| {\n\n  loop {}\n}', { limits: { operationsMax: 1_000 } })
    const ended = await failureOf(endless.call())
    expect(ended).toMatchObject({ kind: 'ErrorTooManyOperations', line })
  })

  it('can be called again after it has failed', async () => {
    const { call } = await openScript('let n = 0; || { n += 1; if n == 1 { throw "no" } n }')
    await failureOf(call())
    expect(await call()).toBe(2)
  })

  it('tells that it has ended the script', async () => {
    const { open, call } = await openScript('let n = 0; || { n += 1; if n > 1 { exit(n); } n }')
    expect([await call(), open.hasExited]).toEqual([1, false])
    expect([await call(), open.hasExited]).toEqual([2, true])
  })

  it('is refused once the run is closed, whose operations stay known', async () => {
    const { open, call } = await openScript('|| 1')
    await call()
    const { operations } = open
    open.close()
    open.close()
    expect(open.operations).toBe(operations)
    await expect(call()).rejects.toThrow(TypeError)
  })
})

describe('runs that are kept open', () => {
  it('share nothing, and what is closed serves the next', () => {
    const program = compile('let n = 0; || { n += 1; n }').instantiate()
    const [a, b] = [program.open(), program.open()]
    expect([a.call(functionIn(a)), a.call(functionIn(a)), b.call(functionIn(b))]).toEqual([1, 2, 1])
    a.close()
    const c = program.open()
    expect(c.call(functionIn(c))).toBe(1)
    expect(b.call(functionIn(b))).toBe(2)
  })

  it('wait for the host in a function, one call at a time', async () => {
    const program = compile('let n = 0; || { n += 1; later::get(n) }', { host: HOST }).instantiate()
    const open = await program.openAsync()
    const first = open.callAsync(functionIn(open))
    await expect(open.callAsync(functionIn(open))).rejects.toThrow(TypeError)
    expect(await first).toBe(1)
    expect(await open.callAsync(functionIn(open))).toBe(2)
  })

  it.each([
    ['|| 1', false],
    ['|| later::get(1)', true],
    ['fn f() { later::get(1) } Fn("f")', true],
  ])('are told whether a function of %s may wait', (source, expected) => {
    const program = compile(source, { host: HOST }).instantiate()
    expect(program.isAsynchronous).toBe(false)
    expect(program.hasAsynchronousParts).toBe(expected)
  })

  it('end a function where it waits, and begin none once cancelled', async () => {
    const controller = new AbortController()
    const program = compile('|| later::hang(1)', { host: HOST }).instantiate()
    const open = await program.openAsync({ signal: controller.signal })
    const pending = open.callAsync(functionIn(open))
    controller.abort('gone')
    expect(await failureOf(pending)).toMatchObject({ kind: 'ErrorTerminated', cause: 'gone' })
    const next = await failureOf(open.callAsync(functionIn(open)))
    expect(next).toMatchObject({ kind: 'ErrorTerminated', cause: 'gone' })
    open.close()
  })

  it('close themselves when the script fails', () => {
    const program = compile('throw "no"').instantiate()
    expect(() => program.open()).toThrow(RhaiError)
    expect(() => program.open()).toThrow(RhaiError)
  })
})
