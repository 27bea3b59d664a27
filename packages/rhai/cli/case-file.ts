/**
 * Files of recorded cases: one JSON object a line.
 *
 * @module
 */

export interface ExpectedValue {
  readonly ok: true
  readonly type: string
  readonly value: string
  readonly output: readonly string[]
}

export interface ExpectedError {
  readonly ok: false
  readonly phase: 'parse' | 'eval'
  /** The whole message, position included. */
  readonly error: string
  readonly kind: string
  readonly line: number
  readonly col: number
  readonly root_kind?: string
  readonly root_line?: number
  readonly root_col?: number
  readonly thrown_type?: string
  readonly thrown?: string
  readonly output: readonly string[]
}

export type Expected = ExpectedValue | ExpectedError

export interface Case {
  readonly id: string
  readonly script: string
  readonly max_operations?: number
  readonly expect: Expected
}

export function parseCases(text: string): Case[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Case)
}
