import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TextTable } from './text-table.ts'

type Step = readonly ['set' | 'delete' | 'walk' | 'copy', number]

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('set', 'set', 'set', 'delete', 'delete', 'walk', 'copy'),
  fc.nat(120),
)

/** Keys as scripts put them together, and such as the table cannot tell apart by their hashes. */
const KEYS: readonly (readonly [string, (number: number) => string])[] = [
  ['short', (number) => `key ${number}`],
  ['long', (number) => `${'a'.repeat(number)}${'b'.repeat(300 - number)}`],
  ['of one hash', (number) => `${'a'.repeat(64)} ${number + 1000} ${'b'.repeat(64)}`],
  ['of all kinds', (number) => `${'a'.repeat((number % 3) * 64)}${number}${'b'.repeat(64)}`],
]

describe.each(KEYS)('a table with keys that are %s', (_name, keyOf) => {
  it('holds what a Map would hold', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 400 }), (steps) => {
        let table = new TextTable<number>()
        const model = new Map<string, number>()
        const agrees = steps.every(([kind, number], index) => {
          const key = keyOf(number)
          const held = table.get(key)
          const before = model.get(key)
          if (kind === 'set') {
            table.set(key, index)
            model.set(key, index)
          } else if (kind === 'delete') {
            if (table.delete(key) !== before) return false
            model.delete(key)
          } else if (kind === 'walk') {
            if (!table.keys().every((each) => model.has(each))) return false
          } else {
            const original = table
            table = original.copy((value) => value)
            original.set(key, -1)
            original.delete(keyOf(index))
          }
          return held === before && table.has(key) === model.has(key) && table.size === model.size
        })
        const values = table.keys().map((key) => table.get(key))
        return (
          agrees &&
          values.join() ===
            table
              .keys()
              .map((key) => model.get(key))
              .join()
        )
      }),
      { numRuns: 30 },
    )
  })

  it('is emptied in the order it was filled, and filled again', () => {
    const table = new TextTable<number>()
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 200; i++) table.set(keyOf(i), i)
      expect(table.keys()).toEqual(Array.from({ length: 200 }, (_, i) => keyOf(i)))
      const deleted = Array.from({ length: 200 }, (_, i) => table.delete(keyOf(i)))
      expect(deleted).toEqual(Array.from({ length: 200 }, (_, i) => i))
      expect(table.size).toBe(0)
    }
  })

  it('takes keys that come and go', () => {
    const table = new TextTable<number>([['stays', 1]])
    for (let i = 0; i < 500; i++) {
      table.set(keyOf(i % 20), i)
      expect(table.delete(keyOf(i % 20))).toBe(i)
    }
    expect(table.keys()).toEqual(['stays'])
  })
})

it('copies its values as it is told', () => {
  const table = new TextTable([['a', 1]])
  expect(table.copy((value) => value + 1).get('a')).toBe(2)
  expect(table.get('a')).toBe(1)
})
