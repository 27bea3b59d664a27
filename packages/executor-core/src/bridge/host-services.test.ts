/** What services may be called, and what an executor makes of services that do wrong. */
import { inspect } from 'node:util'
import {
  type HostService,
  type HostServiceCall,
  type HostValue,
  PicloudError,
  SILENT_LOGGER,
} from '@picloud/shared'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LocalExecutor, startExecutor } from '../executor.ts'
import { bodyText, failureIn, requestOf } from '../script-run.contract.ts'
import { HostServices } from './host-services.ts'

const MIB = 1024 * 1024

function serviceOf(init: Partial<HostService>): HostService {
  return { name: 'odd', functions: [], call: async () => null, ...init }
}

describe('a host service', () => {
  const fn = { name: 'f', parameters: [] } as const
  it.each([
    [serviceOf({ name: 'log' })],
    [serviceOf({ name: 'global' })],
    [serviceOf({ name: 'Odd' })],
    [serviceOf({ name: '' })],
    [serviceOf({ functions: [{ ...fn, name: 'f-g' }] })],
    [serviceOf({ functions: [fn, fn] })],
    [serviceOf({ name: 'if' })],
    [serviceOf({ name: 'call' })],
    [serviceOf({ functions: [{ ...fn, name: 'spawn' }] })],
    [serviceOf({ functions: [{ ...fn, name: 'fn' }] })],
  ])('cannot have a name no script could use: %j', (service) => {
    expect(() => new HostServices([service], SILENT_LOGGER)).toThrow(TypeError)
  })

  it('has its name alone, and a name of a function for each list of parameters', () => {
    expect(() => new HostServices([serviceOf({}), serviceOf({})], SILENT_LOGGER)).toThrow(TypeError)
    // Words of the language that can be called, at least behind a name of a module.
    const words = ['call', 'debug', 'eval', 'print'].map((name) => ({ ...fn, name }))
    expect(() => new HostServices([serviceOf({ functions: words })], SILENT_LOGGER)).not.toThrow()
    const overloaded = serviceOf({ functions: [fn, { ...fn, parameters: ['int'] }] })
    expect(() => new HostServices([overloaded], SILENT_LOGGER)).not.toThrow()
  })
})

describe('an executor', () => {
  let logged: object[] = []
  let answer: HostService['call'] = async () => null
  const functions = [
    { name: 'ask', parameters: [] },
    { name: 'ask', parameters: ['number', 'text'] },
  ] as const
  let executor: LocalExecutor
  beforeAll(() => {
    executor = startExecutor({
      processes: 1,
      sandboxMemoryBytesMax: 64 * MIB,
      services: [serviceOf({ functions, call: (...given) => answer(...given) })],
      logger: { ...SILENT_LOGGER, error: (fields) => logged.push(fields) },
    })
  })
  afterAll(() => executor.stop())
  beforeEach(() => {
    logged = []
  })

  it('tells a service who calls it, with what, and until when', async () => {
    const calls: HostServiceCall[] = []
    answer = async (call) => {
      calls.push(call)
      return null
    }
    const request = requestOf("odd::ask(); odd::ask(1.0, 'x')")
    await executor.execute(request)
    const { app, script, id: executionId, deadlineAt } = request
    const common = { function: 'ask', app, script, executionId, deadlineAt }
    expect(calls).toMatchObject([
      { ...common, args: [] },
      { ...common, args: [{ value: 1 }, { text: 'x' }] },
    ])
  })

  it.each([
    ['user', 'the disk is full'],
    ['system', 'The host could not do this.'],
  ] as const)(
    'shows scripts of an error for a %s no more than is meant for them',
    async (audience, text) => {
      answer = async () => {
        throw new PicloudError({
          code: 'PIC_X',
          audience,
          status: 500,
          message: 'the disk is full',
        })
      }
      const source = 'let r = (); try { odd::ask() } catch (e) { r = e; } r'
      const seen = bodyText(await executor.execute(requestOf(source)))
      expect(JSON.parse(seen)).toEqual({ code: 'PIC_X', message: text })
      expect(logged).toHaveLength(audience === 'system' ? 1 : 0)
    },
  )

  it.each([
    ['is no value', async () => 0.5],
    ['nests without end', async () => endless()],
    ['is an error nobody expects', async () => Promise.reject(new Error('a secret'))],
    [
      'is an error thrown at once',
      () => {
        throw new Error('a secret')
      },
    ],
  ])('ends a script whose answer %s, and logs why', async (_what, call) => {
    answer = call
    const request = requestOf('try { odd::ask() } catch { }')
    const failure = failureIn(await executor.execute(request))
    expect(failure).toMatchObject({ code: 'PIC_EXEC_ENGINE', exposed: false })
    expect(failure.message).not.toContain('secret')
    expect(logged).toMatchObject([{ host_function: 'odd::ask', request_id: request.id }])
  })
})

function endless(): HostValue {
  const list: HostValue[] = []
  list.push(list)
  return list
}

describe('an executor whose service answers secrets', () => {
  const logged: object[] = []
  let executor: LocalExecutor
  beforeAll(() => {
    const get = { name: 'get', parameters: ['string'], answersSecret: true } as const
    const send = { name: 'send', parameters: ['any'] } as const
    executor = startExecutor({
      processes: 1,
      sandboxMemoryBytesMax: 64 * MIB,
      services: [
        serviceOf({
          functions: [get, send],
          call: async ({ function: name, args }) => {
            if (name === 'get') return `value of ${args[0]}`
            throw new Error(`no connection to http://x.test/?key=${args[0]}`)
          },
        }),
      ],
      logger: { ...SILENT_LOGGER, error: (fields) => logged.push(fields) },
    })
  })
  afterAll(() => executor.stop())

  it('masks them in log lines and failures, and leaves the answer alone', async () => {
    const source = 'let a = odd::get("A"); print(a); log::info("x", #{ a: a }); throw a'
    const outcome = await executor.execute(requestOf(source))
    expect(outcome).toMatchObject({
      logs: [{ message: '[secret A]' }, { fields: { a: '[secret A]' } }],
      failure: { message: expect.stringContaining('[secret A]') },
    })
    expect(JSON.stringify(outcome)).not.toContain('value of A')
    expect(bodyText(await executor.execute(requestOf('odd::get("A")')))).toBe('value of A')
  })

  it('masks no text of another execution', async () => {
    await executor.execute(requestOf('odd::get("A")'))
    const outcome = await executor.execute(requestOf('print("value of A")'))
    expect(outcome).toMatchObject({ logs: [{ message: 'value of A' }] })
  })

  it('masks them in what its own log says of a service that failed', async () => {
    await executor.execute(requestOf('odd::send(odd::get("A"))'))
    expect(inspect(logged, { depth: 9 })).toContain(
      'no connection to http://x.test/?key=[secret A]',
    )
    expect(inspect(logged, { depth: 9 })).not.toContain('value of A')
  })

  it('drops the lines that masks make too long', async () => {
    const limits = { logBytesMax: 1_000 }
    const source =
      'for i in 0..15 { print("value of A") } odd::get("A_NAME_THAT_IS_LONG"); odd::get("A")'
    const filled = 'let a = odd::get("N"); for i in 0..15 { print(a) } 1'
    for (const text of [source, filled]) {
      const outcome = await executor.execute(requestOf(text, { limits }))
      expect(outcome).toMatchObject({ kind: 'answer' })
      expect(JSON.stringify(outcome)).not.toMatch(/message":"value of/)
    }
  })
})
