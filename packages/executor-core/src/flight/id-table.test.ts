import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdTable } from './id-table.ts'

/** Few ids that share their low bits, so that they displace each other. */
const anyId = fc.oneof(
  fc.nat(20),
  fc.nat(20).map((n) => 0xffff_ffff - n * 64),
  fc.nat(0xffff_ffff),
)
const anyStep = fc.record({ id: anyId, isDeletion: fc.boolean() })

describe('an IdTable', () => {
  it('holds what a Map would, in the same order', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 400 }), (steps) => {
        const table = new IdTable<string>()
        const model = new Map<number, string>()
        for (const [index, { id, isDeletion }] of steps.entries()) {
          if (isDeletion) expect(table.delete(id)).toBe(model.delete(id))
          else {
            table.set(id, `item ${index}`)
            model.set(id, `item ${index}`)
          }
          expect(table.size).toBe(model.size)
          expect(table.get(id)).toBe(model.get(id))
        }
        expect(table.entries()).toEqual([...model])
        for (const { id } of steps) expect(table.has(id)).toBe(model.has(id))
      }),
    )
  })

  it('grows with what it holds and shrinks again', () => {
    const table = new IdTable<number>()
    for (let id = 0; id < 5_000; id += 1) table.set(id, id)
    expect(table.some((item) => item === 4_999)).toBe(true)
    for (let id = 0; id < 4_999; id += 1) expect(table.delete(id)).toBe(true)
    expect(table.values()).toEqual([4_999])
    table.clear()
    expect(table.size).toBe(0)
    expect(table.some(() => true)).toBe(false)
  })
})
