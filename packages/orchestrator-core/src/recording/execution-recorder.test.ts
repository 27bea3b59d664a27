import { setTimeout as delay } from 'node:timers/promises'
import { type AppId, newId, PicloudError } from '@picloud/shared'
import type { NewExecution } from '@picloud/storage'
import { afterEach, describe, expect, it } from 'vitest'
import { ExecutionRecorder } from './execution-recorder.ts'

/** A store that keeps what it is given, or does what a test says instead. */
class TestStore {
  readonly batches: NewExecution[][] = []
  /** Throws to refuse. */
  before: (records: readonly NewExecution[]) => Promise<void> | void = () => {}

  get ids(): string[] {
    return this.batches.flat().map(({ id }) => id)
  }

  async insertBatch(records: readonly NewExecution[]): Promise<void> {
    await this.before(records)
    this.batches.push([...records])
  }
}

const recorders: ExecutionRecorder[] = []
afterEach(async () => {
  await Promise.all(recorders.splice(0).map((recorder) => recorder.stop(0)))
})

describe('ExecutionRecorder', () => {
  it('writes what came together in one batch, shortly after', async () => {
    const { store, recorder } = recorderOf()
    const given = fill(recorder, 10)
    expect(recorder.state).toMatchObject({ waiting: 10, written: 0, lost: 0 })
    await until(() => store.batches.length === 1)
    expect(store.ids).toEqual(given)
    await until(() => recorder.state.written === 10)
    expect(recorder.state).toMatchObject({ waiting: 0, written: 10, lost: 0 })
  })

  it('writes a full batch without waiting, and never two at once', async () => {
    let writers = 0
    const { store, recorder } = recorderOf()
    store.before = async () => {
      writers += 1
      expect(writers).toBe(1)
      await delay(5)
      writers -= 1
    }
    const given = fill(recorder, 2_700)
    await until(() => recorder.state.written === 2_700)
    expect(store.ids).toEqual(given)
    expect(Math.max(...store.batches.map((batch) => batch.length))).toBe(1_000)
  })

  it('counts what does not fit its buffer, and keeps the rest', async () => {
    const { store, recorder } = recorderOf({ bufferMax: 100 })
    const given = fill(recorder, 130)
    expect(recorder.state).toMatchObject({ waiting: 100, written: 0, lost: 30 })
    await until(() => recorder.state.written === 100)
    expect(store.ids).toEqual(given.slice(0, 100))
    fill(recorder, 100)
    expect(recorder.state.lost).toBe(30)
  })

  it('lets a flood of one app cost no other app a record, and names who lost', async () => {
    const lines: object[] = []
    const ignore = () => {}
    const { store, recorder } = recorderOf({
      bufferMax: 100,
      logger: { debug: ignore, info: ignore, warn: ignore, error: (f) => void lines.push(f) },
    })
    const loud = newId<AppId>()
    for (let index = 0; index < 500; index += 1) recorder.record(recordOf({ appId: loud }), 100)
    const quiet = fill(recorder, 30)
    for (let index = 0; index < 500; index += 1) recorder.record(recordOf({ appId: loud }), 100)
    expect(recorder.state).toMatchObject({ waiting: 100, lost: 930 })
    expect(Object.fromEntries(recorder.state.lostByReason)).toEqual({
      full: 930,
      refused: 0,
      stopped: 0,
    })
    await until(() => recorder.state.written === 100)
    expect(store.ids).toEqual(expect.arrayContaining(quiet))
    expect(lines).toMatchObject([{ lost: 930, lost_by_app: { [loud]: 930 }, apps: 1 }])
  })

  it('records some of the successes where that is asked for, and every error', async () => {
    const { store, recorder } = recorderOf()
    const errors = Array.from({ length: 50 }, (_, index) =>
      recordOf(index % 2 === 0 ? { outcome: 'error' } : { status: 502 }),
    )
    const successes = Array.from({ length: 2_000 }, () => recordOf({}))
    for (const record of [...errors, ...successes]) recorder.record(record, 10)
    const { sampledOut } = recorder.state
    expect(sampledOut).toBeGreaterThan(1_650)
    expect(sampledOut).toBeLessThan(1_950)
    await until(() => recorder.state.written === 2_050 - sampledOut)
    expect(store.ids).toEqual(expect.arrayContaining(errors.map(({ id }) => id)))
    // The id decides: what was left out once always is.
    const kept = new Set(store.ids)
    for (const record of successes.filter(({ id }) => !kept.has(id))) recorder.record(record, 10)
    expect(recorder.state).toMatchObject({ sampledOut: 2 * sampledOut, lost: 0 })
    recorder.record(recordOf({}), 0)
    expect(recorder.state.sampledOut).toBe(2 * sampledOut + 1)
  })

  it('bounds the memory of what waits, not only its number', async () => {
    const { recorder } = recorderOf()
    const message = 'a'.repeat(1024 * 1024)
    const logs = [{ at: 1, level: 'info' as const, message }]
    for (let index = 0; index < 40; index += 1) recorder.record(recordOf({ logs }), 100)
    expect(recorder.state).toMatchObject({ waiting: 31, written: 0, lost: 9 })
    await until(() => recorder.state.written === 31)
    for (let index = 0; index < 20; index += 1) recorder.record(recordOf({ logs }), 100)
    expect(recorder.state).toMatchObject({ waiting: 20, written: 31, lost: 9 })
  })

  it('keeps records through an outage and writes them in order after it', async () => {
    let away = true
    let attempts = 0
    const { store, recorder } = recorderOf()
    store.before = () => {
      attempts += 1
      if (away) throw unreachable()
    }
    const given = fill(recorder, 5)
    await until(() => attempts >= 2)
    given.push(...fill(recorder, 5))
    expect(recorder.state).toMatchObject({ waiting: 10, written: 0, lost: 0 })
    away = false
    await until(() => recorder.state.written === 10)
    expect(store.ids).toEqual(given)
  })

  it('loses only the record the database refuses for itself', async () => {
    const { store, recorder } = recorderOf()
    const given = fill(recorder, 9)
    const bad = given[4]
    store.before = (records) => {
      if (records.some(({ id }) => id === bad)) throw new Error('value out of range')
    }
    await until(() => recorder.state.waiting === 0)
    expect(store.ids).toEqual(given.filter((id) => id !== bad))
    expect(recorder.state).toMatchObject({ waiting: 0, written: 8, lost: 1 })
  })

  it('writes what waits before it stops', async () => {
    const { store, recorder } = recorderOf()
    const given = fill(recorder, 1_200)
    await recorder.stop(5_000)
    expect(store.ids).toEqual(given)
    expect(recorder.state).toMatchObject({ waiting: 0, written: 1_200, lost: 0 })
  })

  it('stops at its deadline when the database stays away, and counts what it held', async () => {
    const lines: object[] = []
    const ignore = () => {}
    const { store, recorder } = recorderOf({
      logger: { debug: ignore, info: ignore, warn: ignore, error: (f) => void lines.push(f) },
    })
    store.before = () => {
      throw unreachable()
    }
    fill(recorder, 7)
    const started = Date.now()
    await recorder.stop(100)
    expect(Date.now() - started).toBeLessThan(1_000)
    expect(recorder.state).toMatchObject({ waiting: 0, written: 0, lost: 7 })
    expect(lines).toMatchObject([{ lost: 7, lost_in_all: 7, lost_by_reason: { stopped: 7 } }])
    recorder.record(recordOf({}), 100)
    expect(recorder.state.lost).toBe(8)
  })

  it('has no timer when it has nothing to write', async () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    const { recorder } = recorderOf()
    expect(timers()).toBe(before)
    fill(recorder, 1)
    expect(timers()).toBe(before + 1)
    await until(() => recorder.state.written === 1)
    // What other tests left may have run out meanwhile.
    expect(timers()).toBeLessThanOrEqual(before)
  })
})

function recorderOf(options: Partial<ConstructorParameters<typeof ExecutionRecorder>[0]> = {}): {
  store: TestStore
  recorder: ExecutionRecorder
} {
  const store = new TestStore()
  const recorder = new ExecutionRecorder({ store, bufferMax: 20_000, ...options })
  recorders.push(recorder)
  return { store, recorder }
}

function fill(recorder: ExecutionRecorder, count: number): string[] {
  return Array.from({ length: count }, () => {
    const record = recordOf({})
    recorder.record(record, 100)
    return record.id
  })
}

function recordOf(over: Partial<NewExecution>): NewExecution {
  return {
    id: newId(),
    appId: newId(),
    scriptId: newId(),
    version: 1,
    routeId: null,
    trigger: 'http',
    outcome: 'ok',
    method: 'GET',
    path: '/',
    status: 200,
    startedAt: new Date(),
    durationMs: 1,
    operations: 1,
    logs: [],
    logsDropped: 0,
    error: null,
    ...over,
  }
}

function unreachable(): PicloudError {
  const code = 'PIC_STORAGE_DATABASE_UNREACHABLE'
  return new PicloudError({ code, audience: 'system', status: 503, message: 'away' })
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 5_000; !condition(); ) {
    if (Date.now() > end) throw new Error('It did not happen in time.')
    await delay(2)
  }
}
