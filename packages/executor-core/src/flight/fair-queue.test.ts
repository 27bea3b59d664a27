import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FairQueue } from './fair-queue.ts'

interface Item {
  readonly app: string
  readonly number: number
}

function queueOf(items: readonly Item[] = []): FairQueue<Item> {
  const queue = new FairQueue<Item>(({ app }) => app)
  for (const item of items) queue.add(item)
  return queue
}

function itemsOf(app: string, count: number): Item[] {
  return Array.from({ length: count }, (_, number) => ({ app, number }))
}

function taken(queue: FairQueue<Item>): Item[] {
  const all: Item[] = []
  for (let next = queue.take(); next !== undefined; next = queue.take()) all.push(next)
  return all
}

function apps(items: readonly Item[]): string {
  return items.map(({ app }) => app).join('')
}

describe('the fair queue', () => {
  it('goes round the apps, first come first served inside one', () => {
    const all = [...itemsOf('a', 4), ...itemsOf('b', 2), ...itemsOf('c', 1)]
    const order = taken(queueOf(all))
    expect(apps(order)).toBe('abcabaa')
    expect(order.filter(({ app }) => app === 'a').map(({ number }) => number)).toEqual([0, 1, 2, 3])
  })

  it('gives what one app waits for out of its turn', () => {
    const queue = queueOf([...itemsOf('a', 2), ...itemsOf('b', 2)])
    queue.addFront([{ app: 'c', number: 0 }])
    expect([...queue.apps()]).toEqual(['c', 'a', 'b'])
    expect(queue.takeOf('b')).toEqual({ app: 'b', number: 0 })
    expect(queue.takeOf('c')).toEqual({ app: 'c', number: 0 })
    expect(queue.takeOf('c')).toBeUndefined()
    expect([...queue.apps()]).toEqual(['a', 'b'])
    expect(apps(taken(queue))).toBe('aba')
    expect(queue.takeOf('a')).toBeUndefined()
  })

  it('takes an app that comes anew before one that floods', () => {
    const queue = queueOf(itemsOf('a', 1000))
    for (let i = 0; i < 10; i += 1) queue.take()
    queue.add({ app: 'b', number: 0 })
    expect(queue.take()?.app).toBe('b')
    expect(queue.take()?.app).toBe('a')
  })

  it('gives an app that comes and goes no more than its share', () => {
    const queue = queueOf(itemsOf('a', 100))
    let ofB = 0
    for (let i = 0; i < 40; i += 1) {
      if (![...queue].some(({ app }) => app === 'b')) queue.add({ app: 'b', number: i })
      if (queue.take()?.app === 'b') ofB += 1
    }
    expect(ofB).toBeGreaterThanOrEqual(19)
    expect(ofB).toBeLessThanOrEqual(21)
  })

  it('shares computing time, not turns', () => {
    const queue = queueOf([...itemsOf('a', 200), ...itemsOf('b', 200)])
    const given: Record<string, number> = { a: 0, b: 0 }
    const costs: Record<string, number> = { a: 20, b: 2 }
    for (let i = 0; i < 220; i += 1) {
      const app = queue.take()?.app ?? ''
      queue.measured(app, costs[app] ?? 0)
      given[app] = (given[app] ?? 0) + (costs[app] ?? 0)
    }
    expect(given.a ?? 0).toBeGreaterThan(0.8 * (given.b ?? 0))
    expect(given.a ?? 0).toBeLessThan(1.3 * (given.b ?? 0))
  })

  it('gives back first what was put to the front, in its order', () => {
    const queue = queueOf(itemsOf('a', 2))
    queue.addFront([
      { app: 'b', number: 1 },
      { app: 'c', number: 2 },
    ])
    queue.addFront([{ app: 'd', number: 3 }])
    expect(apps(taken(queue))).toBe('dbcaa')
  })

  it('forgets what is removed, wherever it is', () => {
    const [a, b] = itemsOf('a', 2) as [Item, Item]
    const queue = queueOf([a, b])
    const front = { app: 'b', number: 0 }
    queue.addFront([front])
    expect(queue.remove(a)).toBe(true)
    expect(queue.remove(front)).toBe(true)
    expect(queue.remove(front)).toBe(false)
    expect(queue.length).toBe(1)
    expect([...queue]).toEqual([b])
    expect(taken(queue)).toEqual([b])
  })

  it('costs the same for any length', () => {
    const queue = queueOf([...itemsOf('a', 200_000), ...itemsOf('b', 200_000)])
    const startedAt = performance.now()
    taken(queue)
    // A search past what was taken before would take minutes.
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })
})

type Step =
  | { readonly kind: 'add'; readonly app: string }
  | { readonly kind: 'take' }
  | { readonly kind: 'remove'; readonly at: number }
  | { readonly kind: 'measured'; readonly app: string; readonly ms: number }

const app = fc.constantFrom('a', 'b', 'c', 'd')
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), app }),
  fc.record({ kind: fc.constant('take' as const) }),
  fc.record({ kind: fc.constant('remove' as const), at: fc.nat(50) }),
  fc.record({ kind: fc.constant('measured' as const), app, ms: fc.double({ min: 0, max: 50 }) }),
)

describe('whatever is done to the fair queue', () => {
  it('it loses nothing, invents nothing and keeps each app in order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const queue = queueOf()
        let model: Item[] = []
        let added = 0
        const drop = (item: Item) => {
          model = model.filter((other) => other !== item)
        }
        for (const next of steps) {
          if (next.kind === 'add') {
            const item = { app: next.app, number: added }
            added += 1
            queue.add(item)
            model.push(item)
          } else if (next.kind === 'take') {
            const item = queue.take()
            expect(item === undefined).toBe(model.length === 0)
            if (item === undefined) continue
            expect(item).toBe(model.find((other) => other.app === item.app))
            drop(item)
          } else if (next.kind === 'remove') {
            const item = model[next.at]
            if (item === undefined) continue
            expect(queue.remove(item)).toBe(true)
            drop(item)
          } else {
            queue.measured(next.app, next.ms)
          }
          expect(queue.length).toBe(model.length)
        }
        expect(new Set(queue)).toEqual(new Set(model))
        expect(taken(queue)).toHaveLength(model.length)
      }),
    )
  })

  it('an app waits at most one turn of each other app when scripts take equally long', () => {
    fc.assert(
      fc.property(fc.array(app, { minLength: 1, maxLength: 100 }), fc.nat(100), (adds, takes) => {
        const queue = queueOf(adds.map((name, number) => ({ app: name, number })))
        for (let i = 0; i < takes; i += 1) queue.take()
        queue.add({ app: 'new', number: 0 })
        const others = new Set([...queue].map((item) => item.app)).size - 1
        const position = taken(queue).findIndex((item) => item.app === 'new')
        expect(position).toBeLessThanOrEqual(others)
      }),
    )
  })
})
