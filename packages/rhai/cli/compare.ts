/**
 * How close a result is to what was recorded.
 *
 * @module
 */

import type { Expected, ExpectedError } from './case-file.ts'

export interface Comparison {
  /** Same outcome: type, value and output; or phase, kind and output. */
  readonly isRight: boolean
  /** Also the same message and position. */
  readonly isExact: boolean
}

export function compare(actual: Expected, expected: Expected): Comparison {
  const sameOutput = JSON.stringify(actual.output) === JSON.stringify(expected.output)
  if (actual.ok && expected.ok) {
    const isRight = sameOutput && actual.type === expected.type && actual.value === expected.value
    return { isRight, isExact: isRight }
  }
  if (actual.ok || expected.ok) return { isRight: false, isExact: false }
  const isRight = sameOutput && actual.phase === expected.phase && actual.kind === expected.kind
  const samePlace = actual.line === expected.line && actual.col === expected.col
  const sameRoot = describesSameRoot(actual, expected)
  const isExact = isRight && samePlace && sameRoot && actual.error === expected.error
  return { isRight, isExact }
}

/** A recording leaves the innermost error out where it is the error itself. */
function describesSameRoot(actual: ExpectedError, expected: ExpectedError): boolean {
  return (
    (actual.root_kind ?? actual.kind) === (expected.root_kind ?? expected.kind) &&
    (actual.root_line ?? actual.line) === (expected.root_line ?? expected.line) &&
    (actual.root_col ?? actual.col) === (expected.root_col ?? expected.col) &&
    actual.thrown === expected.thrown
  )
}
