/** What scripts reach when they try to leave the language; `worker/evaluate.test.ts` is the fence. */
import type { Executor } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startExecutor } from './executor.ts'
import { bodyText, failureIn, requestOf } from './script-run.contract.ts'

const MIB = 1024 * 1024

describe('hostile scripts', () => {
  let executor: Executor
  beforeAll(() => {
    executor = startExecutor({ processes: 1, sandboxMemoryBytesMax: 64 * MIB })
  })
  afterAll(() => executor.stop())

  it.each([
    'process',
    'require',
    'globalThis',
    'this',
    'constructor',
    'request.constructor',
    'request.__proto__',
    '"".constructor.constructor("return process")()',
    '[].constructor',
    '(|| 1).constructor',
    '#{}.constructor',
    '#{}["constructor"]["constructor"]',
    '#{}.__proto__.polluted',
    '#{}.toString',
    'request.hasOwnProperty("x")',
    'toString()',
    'console.log("x")',
    'Function("return process")()',
    'Fn("constructor").call("return process")',
    'Fn("process").call()',
    'Fn("__proto__").call()',
    'eval("process")',
    'import "node:fs" as fs; fs::readFileSync("/etc/passwd")',
    'import "fs" as fs; 1',
    'log::constructor("x")',
    'log::__proto__::x()',
    'constructor::constructor("return 1")',
    '__proto__::toString()',
    'arguments',
    'machine',
    'run',
  ])('reach nothing with %s', async (source) => {
    const outcome = await executor.execute(requestOf(source))
    if (outcome.kind === 'answer') expect(['', 'null']).toContain(bodyText(outcome))
    else expect(failureIn(outcome).code).toMatch(/^PIC_SCRIPT_(?:ERROR|PARSE)$/)
  })

  it('may use the names of JavaScript for their own things', async () => {
    const source = `
      fn constructor(prototype) { prototype + 1 }
      fn eval_(x) { x }
      let __proto__ = 1; let process = 2; let undefined_ = 3; let arguments = 4; let await_ = 5;
      let map = #{ constructor: 1, __proto__: 2, hasOwnProperty: 3, toString: 4 };
      map["__proto__"] += 40;
      [constructor(__proto__), process, arguments, map]
    `
    expect(JSON.parse(bodyText(await executor.execute(requestOf(source))))).toEqual([
      2,
      2,
      4,
      JSON.parse('{"__proto__":42,"constructor":1,"hasOwnProperty":3,"toString":4}'),
    ])
  })
})
