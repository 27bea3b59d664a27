import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { moduleArities } from '../help/symbols.ts'
import type { CheckContext, CheckRequest } from './check-protocol.ts'
import { checkSource } from './check-source.ts'
import { type CheckPort, SourceChecker } from './source-checker.ts'

const CONTEXT: CheckContext = {
  sourceBytesMax: 1_000,
  functionsMax: 16,
  modules: moduleArities(),
  scriptNames: ['texts'],
}

function told(source: string, context = CONTEXT): readonly string[] {
  return checkSource(source, context).map(({ severity, message }) => `${severity}: ${message}`)
}

it.each([
  ['request.method + ctx.app + kv::get("a")', []],
  ['import "texts" as t; t::shout("a")', []],
  [
    'let a = 1;\nlet b = ;\nlet c = (1 2);',
    ["error: Unexpected ';'", "error: Expecting ')' for a matching ( in this expression"],
  ],
  ['import "text" as t; t::shout("a")', ["error: No script of this app is called 'text'"]],
  ['kv::gett("a")', ["warning: Module 'kv' has no function 'gett'; did you mean 'get'?"]],
  ['kv::get()', ["warning: Function 'kv::get' takes 1 or 2 arguments, not 0"]],
  ['|a| a;'.repeat(17), ['error: Number of functions exceeds the maximum of 16']],
  ['"é"; '.repeat(200), ['error: The script has 1200 bytes in UTF-8; the limit is 1000']],
])('of %j', (source, expected) => {
  if (source.startsWith('|')) expect(told(source)[0]).toMatch(/^error: /)
  else expect(told(source)).toEqual(expected)
})

/** A worker under the test's hand: it answers when it is told to. */
class Port implements CheckPort {
  readonly asked: CheckRequest[] = []
  isEnded = false
  onmessage: CheckPort['onmessage'] = null
  onerror: CheckPort['onerror'] = null

  postMessage(request: CheckRequest): void {
    this.asked.push(request)
  }

  terminate(): void {
    this.isEnded = true
  }

  answer(): void {
    const request = this.asked.at(-1)
    if (request === undefined) throw new Error('nothing was asked')
    const data = { id: request.id, diagnostics: checkSource(request.source, request.context) }
    this.onmessage?.(new MessageEvent('message', { data }))
  }
}

let ports: Port[]
let checker: SourceChecker

beforeEach(() => {
  vi.useFakeTimers()
  ports = []
  checker = new SourceChecker(() => {
    const port = new Port()
    ports.push(port)
    return port
  }, 1_000)
})

afterEach(() => {
  checker.close()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

it('asks one at a time, and of those that wait the newest', async () => {
  const first = checker.check('let a = 1; a', CONTEXT)
  const second = checker.check('let b = ;', CONTEXT)
  const third = checker.check('let c = (1 2);', CONTEXT)
  expect(ports[0]?.asked.map(({ source }) => source)).toEqual(['let a = 1; a'])
  ports[0]?.answer()
  expect(await first).toEqual([])
  expect(await second).toBe(null)
  expect(ports[0]?.asked.map(({ source }) => source)).toEqual(['let a = 1; a', 'let c = (1 2);'])
  ports[0]?.answer()
  expect(await third).toHaveLength(1)
  expect(ports).toHaveLength(1)
})

it('replaces a worker that does not answer in time, and goes on with the newest', async () => {
  const first = checker.check('1', CONTEXT)
  const second = checker.check('2', CONTEXT)
  vi.advanceTimersByTime(1_000)
  expect(await first).toBe(null)
  expect(ports.map(({ isEnded }) => isEnded)).toEqual([true, false])
  ports[0]?.answer()
  ports[1]?.answer()
  expect(await second).toEqual([])
})

it('replaces a worker that fails', async () => {
  const first = checker.check('1', CONTEXT)
  ports[0]?.onerror?.(new Event('error') as ErrorEvent)
  expect(await first).toBe(null)
  const second = checker.check('2', CONTEXT)
  ports[1]?.answer()
  expect(await second).toEqual([])
})

it('answers all that waits when it is closed', async () => {
  const first = checker.check('1', CONTEXT)
  const second = checker.check('2', CONTEXT)
  checker.close()
  expect(await Promise.all([first, second])).toEqual([null, null])
  expect(ports[0]?.isEnded).toBe(true)
})
