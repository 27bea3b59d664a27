import { Writable } from 'node:stream'
import type { Execution } from '@picloud/shared'
import { expect, it } from 'vitest'
import { type Output, Terminal } from '../terminal/terminal.ts'
import { showExecution } from './execution-lines.ts'

function check(error: Execution['error'], expected: readonly string[]): void {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  }) as Output
  const execution = {
    id: 'the-id',
    trigger: 'http',
    method: 'GET',
    path: '/a',
    status: error === null ? 200 : 500,
    outcome: error === null ? 'ok' : 'error',
    started_at: '2026-01-02T03:04:05.678Z',
    duration_ms: 1,
    script_name: 'a',
    version: 1,
    logs: [],
    logs_dropped: 0,
    error,
  } as unknown as Execution
  showExecution(new Terminal(stream, stream), execution)
  expect(text.trimEnd().split('\n').slice(1)).toEqual(expected)
}

it('shows a failure with its calls, its place once, and the request id its caller was shown', () => {
  check(
    {
      code: 'PIC_SCRIPT_ERROR',
      kind: 'ErrorDotExpr',
      message: "Unknown property 'b' (line 1, position 5)\nin call to function 'f'",
      line: 1,
      column: 5,
    },
    [
      "    failed PIC_SCRIPT_ERROR: Unknown property 'b' (line 1, position 5)",
      "      in call to function 'f'",
      '    request the-id',
    ],
  )
})

it('says no more than one line of what went well', () => {
  check(null, [])
})
