import { type AppId, newId } from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import { AppTurns } from './app-turns.ts'

const APP = newId<AppId>()

describe('who waits for a turn', () => {
  it('no longer does once its execution is over, and nothing is done for it', async () => {
    const turns = new AppTurns(1)
    const first = Promise.withResolvers<string>()
    const isFirstDone = turns.take(APP, new AbortController().signal, () => first.promise)
    const gone = new AbortController()
    const done: string[] = []
    const late = turns.take(APP, gone.signal, async () => void done.push('late'))
    const next = turns.take(APP, new AbortController().signal, async () => void done.push('next'))
    gone.abort(new Error('over'))
    // At once: not when its turn comes.
    await expect(late).rejects.toThrow('over')
    first.resolve('first')
    expect(await isFirstDone).toBe('first')
    await next
    expect(done).toEqual(['next'])
  })

  it('takes no turn for an execution that is over already', async () => {
    const turns = new AppTurns(1)
    const work = async () => 'done'
    await expect(turns.take(APP, AbortSignal.abort(new Error('over')), work)).rejects.toThrow(
      'over',
    )
    expect(await turns.take(APP, new AbortController().signal, work)).toBe('done')
  })
})
