import { describe, expect, it } from 'vitest'
import { asyncHostFunction, compile, Host, hostFunction, INT, RhaiError } from '../src/index.ts'

function failureOf(work: () => unknown): RhaiError {
  try {
    work()
  } catch (error) {
    if (error instanceof RhaiError) return error
    throw error
  }
  throw new Error('nothing failed')
}

describe('the progress of a run', () => {
  it('is told again and again while a script computes', () => {
    const told: number[] = []
    const program = compile('let i = 0; while i < 20_000_000 { i += 1; } i').instantiate()
    const { value, operations } = program.run({
      onProgress: (count) => {
        told.push(count)
        return undefined
      },
    })
    expect(value).toBe(20_000_000)
    expect(told.length).toBeGreaterThan(5)
    expect(told).toEqual(told.toSorted((a, b) => a - b))
    expect(told.at(-1)).toBeLessThanOrEqual(operations)
  })

  it('costs no operation more or less', () => {
    const program = compile('let s = 0; for i in 0..3_000_000 { s += i; } s').instantiate()
    const watched = program.run({ onProgress: () => undefined })
    expect(watched).toEqual(program.run())
  })

  it.each([
    'loop {}',
    'loop { try { loop {} } catch { } }',
    'fn f() { loop {} }\n  f()',
    'let a = []; a.pad(100_000, 1); loop { a.map(|x| x + 1); }',
  ])('ends %s when the answer says so, and nothing catches that', (source) => {
    const program = compile(source).instantiate()
    const error = failureOf(() => program.run({ onProgress: () => 'enough' }))
    expect(error).toMatchObject({ kind: 'ErrorTerminated', cause: 'enough', endsRun: true })
    expect(error.line).toBeGreaterThan(0)
    expect(error.operations).toBeGreaterThan(1_000_000)
  })

  it('leaves the limit of operations as exact as it is without', () => {
    const program = compile('let i = 0; loop { i += 1; }').instantiate()
    const limits = { operationsMax: 10_000_001 }
    const watched = failureOf(() => program.run({ limits, onProgress: () => undefined }))
    const alone = failureOf(() => program.run({ limits }))
    expect(watched.limit).toEqual({ name: 'operationsMax', value: 10_000_001 })
    expect(watched.operations).toBe(alone.operations)
  })

  it('is told of what library functions charge, however much at a time', () => {
    let told = 0
    const program = compile('let a = []; a.pad(200_000, 1); for i in 0..40 { a.contains(2); }')
    program.instantiate().run({
      onProgress: () => {
        told += 1
      },
    })
    expect(told).toBeGreaterThan(0)
  })
})

describe('the data of a run for the host', () => {
  it('reaches the functions of that run and of no other', async () => {
    const host = new Host({
      functions: {
        mine: hostFunction([INT], (context) => String(context.hostData)),
        mine_later: asyncHostFunction([INT], async (context) => String(context.hostData)),
      },
    })
    const source = 'mine(1) + mine_later(2)'
    const program = compile(source, { host }).instantiate()
    const runs = ['a', 'b'].map((hostData) => program.runAsync({ hostData }))
    expect((await Promise.all(runs)).map(({ value }) => value)).toEqual(['aa', 'bb'])
    expect((await program.runAsync()).value).toBe('undefinedundefined')
  })
})
