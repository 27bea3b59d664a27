import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pushByte } from './blob-growth.ts'
import type { CallContext } from './call-context.ts'
import { copyValue, writableItems, writableMap } from './copy.ts'
import { entriesOf, getEntry, mapOfTable } from './map-entries.ts'
import { RhaiArray, RhaiBlob, RhaiMap, type Value } from './value.ts'

/** Only the meter is needed here, and it is open. */
const context = {
  limits: { stringBytesMax: 0, arrayItemsMax: 0, mapEntriesMax: 0 },
  charge: () => {},
} as unknown as CallContext

describe('copies of arrays', () => {
  it('never see what is written to the original, however deep', () => {
    const inner = new RhaiArray([1])
    const outer = new RhaiArray([inner])
    const copy = copyValue(outer) as RhaiArray
    const place = writableItems(context, outer)[0] as RhaiArray
    writableItems(context, place).push(2)
    expect(plain(outer)).toEqual([[1, 2]])
    expect(plain(copy)).toEqual([[1]])
  })

  it('behave like deep copies under any sequence of writes', () => {
    const step = fc.record({
      from: fc.nat(3),
      to: fc.nat(3),
      kind: fc.constantFrom('copy', 'push', 'nest', 'writeNested'),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const handles = Array.from({ length: 4 }, () => new RhaiArray([]))
        const models: unknown[][] = Array.from({ length: 4 }, () => [])
        for (const { from, to, kind } of steps) apply(handles, models, from, to, kind)
        expect(handles.map(plain)).toEqual(models)
      }),
      { numRuns: 500 },
    )
  })
})

describe('copies of maps and blobs', () => {
  it('are apart from the original', () => {
    const map = mapOfTable(new Map<string, Value>([['list', new RhaiArray([])]]))
    const copy = copyValue(map) as RhaiMap
    const list = getEntry(writableMap(context, copy), 'list') as RhaiArray
    writableItems(context, list).push(1)
    expect(plain(map)).toEqual([['list', []]])
    expect(plain(copy)).toEqual([['list', [1]]])
  })

  it('grow without touching bytes that another handle holds', () => {
    const blob = new RhaiBlob(Uint8Array.of(1))
    pushByte(context, blob, 2)
    const copy = copyValue(blob) as RhaiBlob
    pushByte(context, copy, 3)
    pushByte(context, blob, 4)
    expect([...blob.bytes]).toEqual([1, 2, 4])
    expect([...copy.bytes]).toEqual([1, 2, 3])
  })
})

function apply(
  handles: RhaiArray[],
  models: unknown[][],
  from: number,
  to: number,
  kind: string,
): void {
  const target = handles[to] as RhaiArray
  const model = models[to] as unknown[]
  const source = handles[from] as RhaiArray
  switch (kind) {
    case 'copy':
      handles[to] = copyValue(source) as RhaiArray
      models[to] = structuredClone(models[from] as unknown[])
      break
    case 'push':
      writableItems(context, target).push(model.length)
      model.push(model.length)
      break
    case 'nest': {
      if (model.length > 6) break
      const copy = copyValue(source)
      const modelCopy = structuredClone(models[from])
      writableItems(context, target).push(copy)
      model.push(modelCopy)
      break
    }
    default: {
      const at = model.findIndex(Array.isArray)
      const nested = writableItems(context, target)[at]
      if (!(nested instanceof RhaiArray)) break
      writableItems(context, nested).push(-1)
      ;(model[at] as unknown[]).push(-1)
    }
  }
}

function plain(value: Value): unknown {
  if (value instanceof RhaiArray) return value.items.map(plain)
  if (value instanceof RhaiMap)
    return [...entriesOf(value)].map(([key, item]) => [key, plain(item)])
  return value
}
