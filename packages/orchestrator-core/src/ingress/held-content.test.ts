import { type AppId, newId } from '@picloud/shared'
import { expect, it } from 'vitest'
import { HeldContent } from './held-content.ts'

it('leaves an app the other half, and all of it once it is given back', () => {
  const held = new HeldContent(100)
  const [flooded, other] = [newId<AppId>(), newId<AppId>()]
  expect(held.take(flooded, 50)).toBe(true)
  expect(held.take(flooded, 1)).toBe(false)
  expect(held.take(other, 51)).toBe(false)
  expect(held.take(other, 50)).toBe(true)
  expect(held.bytes).toBe(100)
  held.give(flooded, 50)
  held.give(other, 50)
  expect(held.bytes).toBe(0)
  expect(held.take(flooded, 50)).toBe(true)
})
