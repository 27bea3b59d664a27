import { type AppId, newId } from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import { AppBatches } from './app-batches.ts'

const APP = newId<AppId>()

describe('what waits for its batch', () => {
  it('no longer does once its execution is over, and is not done', async () => {
    const first = Promise.withResolvers<void>()
    const done: string[][] = []
    const batches = new AppBatches<string, string>({
      atOnceMax: 1,
      itemsMax: 2,
      run: async (_app, items) => {
        done.push([...items])
        await first.promise
        return items
      },
    })
    const ask = (item: string, signal = new AbortController().signal) =>
      batches.ask(APP, item, signal)
    const begun = new AbortController()
    const isFirst = ask('first', begun.signal)
    await expect.poll(() => done).toEqual([['first']])
    const gone = new AbortController()
    const late = ask('late', gone.signal)
    const next = Promise.all([ask('a'), ask('b'), ask('c')])
    gone.abort(new Error('over'))
    // What has begun is done.
    begun.abort(new Error('over'))
    // At once: not when its batch comes.
    await expect(late).rejects.toThrow('over')
    await expect(ask('never', gone.signal)).rejects.toThrow('over')
    first.resolve()
    expect(await isFirst).toBe('first')
    expect(await next).toEqual(['a', 'b', 'c'])
    expect(done).toEqual([['first'], ['a', 'b'], ['c']])
  })
})
