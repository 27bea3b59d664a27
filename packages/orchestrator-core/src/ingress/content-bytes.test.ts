import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { ContentBytes } from './content-bytes.ts'

function joined(pieces: readonly Buffer[]): Buffer {
  const content = new ContentBytes()
  for (const piece of pieces) content.add(piece)
  expect(content.length).toBe(Buffer.concat(pieces).length)
  return Buffer.from(content.join())
}

function piecesOf(lengths: readonly number[]): Buffer[] {
  return lengths.map((length, index) => Buffer.alloc(length, index % 251))
}

describe('content', () => {
  it.each([
    ['none', []],
    ['one', [3]],
    ['small ones', Array.from({ length: 20_000 }, (_, index) => 1 + (index % 9))],
    ['large ones', [5_000, 70_000, 4_096]],
    ['small and large ones in turn', [1, 9_000, 1, 2, 9_000, 4_095, 4_095, 4_096, 1]],
    ['empty ones', [0, 1, 0, 5_000, 0]],
  ])('is what came, in pieces: %s', (_what, lengths) => {
    const pieces = piecesOf(lengths)
    expect(joined(pieces).equals(Buffer.concat(pieces))).toBe(true)
  })

  it('takes no more memory than its bytes explain, however small its pieces are', () => {
    const content = new ContentBytes()
    const block = Buffer.alloc(64 * 1024, 'x')
    const before = heapBytes()
    for (let at = 0; at < 500_000; at += 1) {
      content.add(block.subarray(at % 65_536, (at % 65_536) + 1))
    }
    expect(heapBytes() - before).toBeLessThan(8 * 1024 * 1024)
    expect(Buffer.from(content.join()).equals(Buffer.alloc(500_000, 'x'))).toBe(true)
  })
})

/** What is kept, without what is waiting to be cleared away. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
