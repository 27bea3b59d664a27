import { Writable } from 'node:stream'
import { WriteStream } from 'node:tty'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { showTable } from './table.ts'
import { type Output, Terminal } from './terminal.ts'

/** A stream that keeps what is written, and may claim to be a terminal. */
function outputOf(isTTY: boolean): { readonly stream: Output; readonly text: () => string } {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  // Node's own reading of NO_COLOR, TERM and the rest.
  const { getColorDepth } = WriteStream.prototype
  return { stream: Object.assign(stream, { isTTY, getColorDepth }) as Output, text: () => text }
}

describe('Terminal', () => {
  beforeEach(() => {
    vi.stubEnv('TERM', 'xterm-256color')
    for (const name of ['NO_COLOR', 'FORCE_COLOR', 'CI']) vi.stubEnv(name, undefined)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  function check(stdoutIsTTY: boolean, stderrIsTTY: boolean): [string, string] {
    const stdout = outputOf(stdoutIsTTY)
    const stderr = outputOf(stderrIsTTY)
    const terminal = new Terminal(stdout.stream, stderr.stream)
    terminal.result(terminal.styleResult('bold', 'x'))
    terminal.error('y')
    return [stdout.text(), stderr.text()]
  }

  it('colours what a terminal shows, each stream for itself', () => {
    expect(check(true, false)).toEqual(['\u{1b}[1mx\u{1b}[22m\n', 'error: y\n'])
    expect(check(false, true)).toEqual(['x\n', '\u{1b}[31merror:\u{1b}[39m y\n'])
  })

  it('does not where NO_COLOR asks for that', () => {
    vi.stubEnv('NO_COLOR', '1')
    expect(check(true, true)).toEqual(['x\n', 'error: y\n'])
  })

  it('writes bytes of a result as they are', () => {
    const stdout = outputOf(false)
    const terminal = new Terminal(stdout.stream, outputOf(false).stream)
    terminal.resultBytes(Buffer.from('no line feed'))
    expect(stdout.text()).toBe('no line feed')
  })
})

describe('showTable', () => {
  function check(rows: string[][]): [string, string] {
    const stdout = outputOf(false)
    const stderr = outputOf(false)
    showTable(new Terminal(stdout.stream, stderr.stream), {
      header: ['NAME', 'ID'],
      rows,
      none: 'There is nothing.',
    })
    return [stdout.text(), stderr.text()]
  }

  it('says so where there is no row, and keeps stdout empty', () => {
    expect(check([])).toEqual(['', 'There is nothing.\n'])
  })

  it('makes columns as wide as their widest cell, and every row one line', () => {
    const rows = [
      ['a', '1'],
      ['größer', '22'],
      ['x\ny', ''],
    ]
    expect(check(rows)[0]).toBe('NAME    ID\na       1\ngrößer  22\nx\\ny\n')
  })
})
