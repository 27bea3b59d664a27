import { expect, it } from 'vitest'
import { keepTag, setTag, tagOf } from './tag.ts'
import { RhaiArray, Tagged } from './value.ts'

it('puts a value without tag into no box', () => {
  const tagged = setTag(5, 3)
  expect(tagged).toEqual(new Tagged(5, 3))
  expect(setTag(tagged, 0)).toBe(5)
  expect(setTag(5, 0)).toBe(5)
})

it('never puts one box into another', () => {
  expect(setTag(setTag(5, 3), 4)).toEqual(new Tagged(5, 4))
  expect(keepTag(setTag(5, 3), setTag(6, 4))).toEqual(new Tagged(6, 4))
})

it('keeps the handle of a container', () => {
  const array = new RhaiArray([])
  expect(setTag(array, 3)).toBe(array)
  expect(tagOf(array)).toBe(3)
  expect(keepTag(setTag(5, 4), array)).toBe(array)
  expect(tagOf(array)).toBe(3)
})

it('takes an integer of any size, and keeps what fits 32 bits', () => {
  expect(tagOf(setTag('a', -(2 ** 31)))).toBe(-(2 ** 31))
  expect(() => setTag('a', 2 ** 31)).toThrow('2147483648 is too large to fit into a tag')
  expect(() => setTag('a', -(2n ** 60n))).toThrow('-1152921504606846976 is too small')
})
