import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LogLines } from './log-lines.ts'

describe('log lines', () => {
  it('keep level, message and fields', () => {
    const lines = new LogLines(1000)
    lines.add('warn', 'low', '{"left":3}')
    lines.add('info', 'plain')
    expect(lines.lines).toMatchObject([
      { level: 'warn', message: 'low', fields: { left: 3 } },
      { level: 'info', message: 'plain' },
    ])
  })

  it('count what does not fit and keep whole lines only', () => {
    const lines = new LogLines(200)
    lines.add('info', 'x'.repeat(100))
    lines.add('info', 'y'.repeat(100))
    lines.add('info', 'z')
    expect(lines.lines.map(({ message }) => message[0])).toEqual(['x', 'z'])
    expect(lines.dropped).toBe(1)
  })

  it('keep nothing when nothing is allowed', () => {
    const lines = new LogLines(0)
    lines.add('error', '')
    expect(lines.lines).toEqual([])
    expect(lines.dropped).toBe(1)
  })

  it('never hold more bytes than allowed', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.nat(2000), (messages, max) => {
        const lines = new LogLines(max)
        for (const message of messages) lines.add('info', message)
        const bytes = lines.lines.reduce((sum, line) => sum + Buffer.byteLength(line.message), 0)
        expect(bytes).toBeLessThanOrEqual(max)
        expect(lines.lines.length + lines.dropped).toBe(messages.length)
      }),
    )
  })
})
