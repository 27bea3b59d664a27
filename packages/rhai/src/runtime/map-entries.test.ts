import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CallContext } from './call-context.ts'
import { copyOfMap, writableMap } from './copy.ts'
import {
  deleteEntry,
  emptyMap,
  entriesOf,
  entryCount,
  getEntry,
  hasEntry,
  methodIn,
  setComputedEntry,
  setEntry,
  sortedKeys,
  valuesInOrder,
} from './map-entries.ts'
import { newShapeTree } from './map-shape.ts'
import { setTag } from './tag.ts'
import { FunctionPointer, type RhaiMap, type Value } from './value.ts'

const context = { charge: () => {} } as unknown as CallContext

type Step = readonly ['name' | 'compute' | 'delete' | 'copy', number]

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('name', 'name', 'compute', 'delete', 'copy'),
  fc.nat(90),
)

/** Maps and what they should hold, changed step by step; a copy goes on beside its original. */
function play(steps: readonly Step[]): [RhaiMap, Map<string, Value>][] {
  const root = newShapeTree()
  const pairs: [RhaiMap, Map<string, Value>][] = [[emptyMap(root), new Map()]]
  steps.forEach(([kind, number], index) => {
    const [map, model] = pairs[index % pairs.length] as [RhaiMap, Map<string, Value>]
    const key = `key ${number}`
    if (kind === 'copy') {
      if (pairs.length < 4) pairs.push([copyOfMap(map), new Map(model)])
      return
    }
    writableMap(context, map)
    if (kind === 'delete') {
      expect(deleteEntry(map, key)).toBe(model.get(key))
      model.delete(key)
    } else {
      const set = kind === 'name' ? setEntry : setComputedEntry
      set(map, key, index)
      model.set(key, index)
    }
  })
  return pairs
}

describe('the entries of a map', () => {
  it('are those that were set and not deleted, in every copy', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        for (const [map, model] of play(steps)) {
          expect(entryCount(map)).toBe(model.size)
          expect(new Map(entriesOf(map))).toEqual(model)
          for (let i = 0; i < 90; i++) {
            expect(getEntry(map, `key ${i}`)).toBe(model.get(`key ${i}`))
            expect(hasEntry(map, `key ${i}`)).toBe(model.has(`key ${i}`))
          }
          const keys = [...model.keys()].sort()
          expect(sortedKeys(map)).toEqual(keys)
          expect(valuesInOrder(map, keys)).toEqual(keys.map((key) => model.get(key)))
          const json = keys.map((key, index) => `${index === 0 ? '{' : ','}"${key}":`)
          if (map.table === undefined) expect(map.shape.sorted.json).toEqual(json)
        }
      }),
    )
  })
})

it('finds methods in maps of all sizes, and in their copies', () => {
  const pointer = new FunctionPointer('f')
  for (const size of [0, 5, 50]) {
    const map = emptyMap(newShapeTree())
    for (let i = 0; i < size; i++) setComputedEntry(map, `key ${i}`, i)
    expect(methodIn(map, 'method')).toBeUndefined()
    setComputedEntry(map, 'method', pointer)
    setComputedEntry(map, 'tagged', setTag(pointer, 1))
    const copy = writableMap(context, copyOfMap(map))
    for (const each of [map, copy]) {
      expect(methodIn(each, 'method')).toBe(pointer)
      expect(methodIn(each, 'tagged')).toBe(pointer)
      expect(methodIn(each, 'key 0')).toBeUndefined()
    }
  }
})

describe('the shapes of a tree', () => {
  it('are shared by maps with the same keys in the same order', () => {
    const root = newShapeTree()
    const [first, second, third] = [emptyMap(root), emptyMap(root), emptyMap(root)]
    for (const key of ['a', 'b', 'c']) setEntry(first, key, 1)
    for (const key of ['a', 'b', 'c', 'd']) setEntry(second, key, 1)
    for (const key of ['b', 'a', 'c']) setEntry(third, key, 1)
    deleteEntry(second, 'd')
    expect(second.shape).toBe(first.shape)
    expect(third.shape).not.toBe(first.shape)
    deleteEntry(second, 'a')
    deleteEntry(third, 'a')
    expect(second.shape).toBe(third.shape)
  })

  it('are bounded, however many keys a script makes up', () => {
    const root = newShapeTree()
    const shapes = new Set()
    for (let i = 0; i < 5000; i++) {
      const map = emptyMap(root)
      setEntry(map, `key ${i}`, i)
      setEntry(map, 'again', i)
      expect([getEntry(map, `key ${i}`), getEntry(map, 'again')]).toEqual([i, i])
      shapes.add(map.shape)
    }
    expect(shapes.size).toBeLessThan(2000)
  })

  it('keep no long keys and no long lists of keys', () => {
    const root = newShapeTree()
    const long = emptyMap(root)
    setEntry(long, 'k'.repeat(1000), 1)
    const wide = emptyMap(root)
    for (let i = 0; i < 100; i++) setEntry(wide, `key ${i}`, i)
    const computed = emptyMap(root)
    for (let i = 0; i < 20; i++) setComputedEntry(computed, `computed ${i}`, i)
    for (const map of [long, wide, computed]) expect(map.shape.keys).toEqual([])
    expect([entryCount(long), entryCount(wide), entryCount(computed)]).toEqual([1, 100, 20])
  })
})
