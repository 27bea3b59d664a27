/**
 * What goes between an editor and the worker that looks for mistakes: plain data.
 *
 * @module
 */
import type { Diagnostic } from '@picloud/rhai'

/** What is known of the place a script will run in. */
export interface CheckContext {
  readonly sourceBytesMax: number
  readonly functionsMax: number
  /** Of each module of the host, how many arguments its functions take. */
  readonly modules: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>
  /** The scripts that can be imported; undefined where they are not known. */
  readonly scriptNames?: readonly string[] | undefined
}

export interface CheckRequest {
  readonly id: number
  readonly source: string
  readonly context: CheckContext
}

export interface CheckAnswer {
  readonly id: number
  readonly diagnostics: readonly Diagnostic[]
}
