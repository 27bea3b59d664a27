import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type AppId, newId } from '@picloud/shared'
import type { NewExecution } from '@picloud/storage'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RecordBuffer } from './record-buffer.ts'

const APPS = [newId<AppId>(), newId<AppId>(), newId<AppId>()] as const
const [loud, quiet, third] = APPS
const NO_BYTES_MAX = Number.MAX_SAFE_INTEGER

function recordOf(appId: AppId, outcome: 'ok' | 'error' = 'ok', status = 200): NewExecution {
  return {
    id: newId(),
    appId,
    scriptId: newId(),
    version: 1,
    routeId: null,
    trigger: 'http',
    outcome,
    method: 'GET',
    path: '/',
    status,
    startedAt: new Date(0),
    durationMs: 1,
    operations: 1,
    logs: [],
    logsDropped: 0,
    error: null,
  }
}

function bufferOf(recordsMax: number, bytesMax = NO_BYTES_MAX): RecordBuffer {
  return new RecordBuffer({ recordsMax, bytesMax })
}

function add(buffer: RecordBuffer, execution: NewExecution, bytes = 1): readonly AppId[] {
  return buffer.add({ execution, bytes })
}

function fill(buffer: RecordBuffer, count: number, appId: AppId, outcome: 'ok' | 'error' = 'ok') {
  for (let i = 0; i < count; i += 1) add(buffer, recordOf(appId, outcome))
}

function left(buffer: RecordBuffer): readonly NewExecution[] {
  const all = buffer.take(1_000_000, NO_BYTES_MAX).map(({ execution }) => execution)
  buffer.release()
  return all
}

describe('a buffer of records', () => {
  it('keeps nothing of what was written, while others always wait', async () => {
    const buffer = bufferOf(100_000)
    const written: WeakRef<NewExecution>[] = []
    add(buffer, recordOf(loud))
    for (let batch = 0; batch < 20; batch += 1) {
      const record = recordOf(loud)
      written.push(new WeakRef(record))
      add(buffer, record)
      fill(buffer, 2_000, loud)
      // All but the newest, so that the app always has something here.
      buffer.take(buffer.waiting - 1, NO_BYTES_MAX)
      buffer.release()
    }
    await nextTurn()
    setFlagsFromString('--expose-gc')
    const collectGarbage: () => void = runInNewContext('gc')
    collectGarbage()
    // The last ones may stand in lists that are not yet worth making anew.
    expect(written.slice(0, 15).filter((ref) => ref.deref() !== undefined)).toEqual([])
  })
})

describe('a full buffer of records', () => {
  it('takes room from the app that holds most', () => {
    const buffer = bufferOf(10)
    fill(buffer, 8, loud)
    fill(buffer, 2, third)
    expect(add(buffer, recordOf(quiet))).toEqual([loud])
    const apps = left(buffer).map(({ appId }) => appId)
    expect(apps.filter((app) => app === third)).toHaveLength(2)
    expect(apps.at(-1)).toBe(quiet)
  })

  it('lets the app that holds most lose its own', () => {
    const buffer = bufferOf(10)
    fill(buffer, 9, loud)
    fill(buffer, 1, quiet)
    expect(add(buffer, recordOf(loud))).toEqual([loud])
    expect(buffer.size).toBe(10)
  })

  it('counts bytes as it counts records', () => {
    const buffer = bufferOf(1_000, 100)
    add(buffer, recordOf(loud), 60)
    add(buffer, recordOf(loud), 30)
    fill(buffer, 5, quiet)
    expect(add(buffer, recordOf(third), 20)).toEqual([loud])
    // A record that would take more than its app's share alone goes itself.
    expect(add(buffer, recordOf(third), 90)).toEqual([third])
  })

  it.each([
    ['of its own app', loud, [loud]],
    ['of another that holds as much', quiet, [loud]],
  ])('drops a success for an error: %s', (_where, app, lost) => {
    const buffer = bufferOf(4)
    fill(buffer, 2, loud, 'error')
    fill(buffer, 2, loud)
    expect(add(buffer, recordOf(app, 'error'))).toEqual(lost)
    const errors = left(buffer).filter(({ outcome }) => outcome === 'error')
    expect(errors).toHaveLength(3)
  })

  it('drops no error for a success, and none of another app for a flood of errors', () => {
    const buffer = bufferOf(4)
    fill(buffer, 4, loud, 'error')
    expect(add(buffer, recordOf(quiet))).toEqual([quiet])
    expect(add(buffer, recordOf(quiet, 'error'))).toEqual([loud])
    expect(add(buffer, recordOf(loud, 'error'))).toEqual([loud])
    expect(left(buffer).map(({ appId }) => appId)).toEqual([loud, loud, loud, quiet])
  })

  it('takes an answer that says the server failed for an error', () => {
    const buffer = bufferOf(2)
    fill(buffer, 2, loud)
    add(buffer, recordOf(loud, 'ok', 503))
    add(buffer, recordOf(loud, 'ok', 200))
    expect(left(buffer).map(({ status }) => status)).toContain(503)
  })

  it('keeps the room of what is being written until that is done', () => {
    const buffer = bufferOf(4)
    fill(buffer, 4, loud)
    expect(buffer.take(4, NO_BYTES_MAX)).toHaveLength(4)
    expect(add(buffer, recordOf(quiet))).toEqual([quiet])
    buffer.release()
    expect(add(buffer, recordOf(quiet))).toEqual([])
    expect(buffer.size).toBe(1)
  })

  it('gives a batch of bounded bytes, and one record at least', () => {
    const buffer = bufferOf(10)
    for (const bytes of [50, 2, 3, 5]) add(buffer, recordOf(loud), bytes)
    const sizes = () => {
      const taken = buffer.take(10, 5).map(({ bytes }) => bytes)
      buffer.release()
      return taken
    }
    expect([sizes(), sizes(), sizes(), sizes()]).toEqual([[50], [2, 3], [5], []])
  })

  it('costs the same for any length', () => {
    const buffer = bufferOf(50_000)
    const [success, error] = [recordOf(loud), recordOf(loud, 'error')]
    const startedAt = performance.now()
    for (let i = 0; i < 200_000; i += 1) add(buffer, i % 2 === 0 ? success : error)
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    expect(left(buffer)).toHaveLength(50_000)
  })
})

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      appId: fc.constantFrom(...APPS),
      isError: fc.boolean(),
      bytes: fc.integer({ min: 1, max: 40 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('take' as const), max: fc.nat(8) }) },
)

it('keeps its bounds and the order, and accounts for every record, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const buffer = bufferOf(20, 200)
      const added: NewExecution[] = []
      const taken: NewExecution[] = []
      let lost = 0
      for (const next of steps) {
        if (next.kind === 'take') {
          taken.push(...buffer.take(next.max, 100).map(({ execution }) => execution))
          buffer.release()
          continue
        }
        const record = recordOf(next.appId, next.isError ? 'error' : 'ok')
        added.push(record)
        lost += add(buffer, record, next.bytes).length
      }
      expect(buffer.size).toBeLessThanOrEqual(20)
      taken.push(...left(buffer))
      expect(taken).toHaveLength(added.length - lost)
      const order = new Map(added.map((record, index) => [record, index]))
      const places = taken.map((record) => order.get(record) ?? -1)
      expect(places).toEqual(places.toSorted((a, b) => a - b))
      expect(buffer.size).toBe(0)
    }),
  )
})
