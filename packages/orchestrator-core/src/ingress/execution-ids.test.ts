import { isId } from '@picloud/shared'
import { expect, it } from 'vitest'
import { makeExecutionId } from './execution-ids.ts'

it('makes distinct UUIDv7 that sort by time', () => {
  const start = Date.UTC(2026, 0, 1)
  const ids = Array.from({ length: 5_000 }, (_, index) => makeExecutionId(start + index))
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.toSorted()).toEqual(ids)
  for (const id of ids) {
    expect(isId(id)).toBe(true)
    expect(id).toMatch(/^.{14}7.{4}[89ab]/)
  }
  expect(Number.parseInt(ids[7]?.replaceAll('-', '').slice(0, 12) ?? '', 16)).toBe(start + 7)
})

it('makes distinct ids within one millisecond', () => {
  const ids = new Set(Array.from({ length: 5_000 }, () => makeExecutionId(1)))
  expect(ids.size).toBe(5_000)
})
