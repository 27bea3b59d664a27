/**
 * Files of recorded cases: one JSON object a line.
 *
 * @module
 */

import { UsageError } from './usage-error.ts'

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

/** @throws UsageError */
export function parseCases(text: string, from: string): Case[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    try {
      return [JSON.parse(line) as Case]
    } catch {
      throw new UsageError(`line ${index + 1} of ${from} is not JSON`)
    }
  })
}
