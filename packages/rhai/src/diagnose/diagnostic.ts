/**
 * What tools show about a script: plain data, fit for a message between threads.
 *
 * @module
 */
import type { SourceRange } from '../lex/token-table.ts'

/** A warning is about a script that compiles. */
export type Severity = 'error' | 'warning'

/** What warnings can be about. */
export type WarningKind =
  | 'AssignmentToConstant'
  | 'UnknownFunction'
  | 'UnknownModule'
  | 'UnknownVariable'
  | 'UnreachableCode'
  | 'UnusedVariable'

export interface Diagnostic {
  readonly severity: Severity
  /** Of an error: the kind of the `RhaiError` that compiling ends in. Of a warning: a {@link WarningKind}. */
  readonly kind: string
  readonly message: string
  readonly range: SourceRange
}
