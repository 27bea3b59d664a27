import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeSequenceCursor,
  decodeTextCursor,
  encodeSequenceCursor,
  encodeTextCursor,
  pageOf,
} from './page.ts'

const ID = '0199aaaa-0000-7000-8000-000000000000'

describe('cursors', () => {
  it('refuse what no list gave out', () => {
    const others = ['', 'nonsense', encodeSequenceCursor(1), encodeTextCursor('a', 'not-an-id')]
    for (const cursor of [...others, encodeTextCursor('a\0', ID)]) {
      expect(() => decodeTextCursor(cursor), cursor).toThrow('The cursor is not one')
    }
    for (const cursor of ['', 'x', encodeTextCursor('a', ID), encodeSequenceCursor(-1)]) {
      expect(() => decodeSequenceCursor(cursor), cursor).toThrow('The cursor is not one')
    }
  })

  it('refuse any other text with the same error and nothing else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => decodeTextCursor(text)).toThrow('The cursor is not one')
        expect(() => decodeSequenceCursor(text)).toThrow('The cursor is not one')
      }),
    )
  })

  it('bring back what they were made of', () => {
    expect(decodeTextCursor(encodeTextCursor('größe', ID))).toEqual({ text: 'größe', id: ID })
    expect(decodeSequenceCursor(encodeSequenceCursor(2 ** 50))).toBe(2 ** 50)
  })
})

describe('pageOf', () => {
  it('has a next page only when there was one row too many', () => {
    expect(pageOf([1, 2], 2, String)).toEqual({ items: [1, 2], nextCursor: null })
    expect(pageOf([1, 2, 3], 2, String)).toEqual({ items: [1, 2], nextCursor: '2' })
    expect(pageOf([], 2, String)).toEqual({ items: [], nextCursor: null })
  })
})
