/**
 * A run as the rest of the machine sees it.
 *
 * @module
 */

import type { CallContext, RunLimits } from '../runtime/call-context.ts'
import type { Cell, Value } from '../runtime/value.ts'
import type { FunctionTable } from './call/function-table.ts'
import type { HostModules } from './call/host-modules.ts'
import type { DynamicScope } from './dynamic-scope.ts'
import type { PackedPosition } from './error/failure.ts'

/** Compiled text of an `eval`, given the scope it runs in. */
export type EvaluatedText = (depth: number, self: Cell | undefined, scope: DynamicScope) => Value

/** Something that remembers shapes of the run's maps. */
export interface ShapeCache {
  /** Called when the run ends. */
  forget(): void
}

export interface RunState extends CallContext {
  /** Operations left of the current grant; emitted code takes from it directly. */
  left: number
  /** Deepest call allowed. */
  readonly depthMax: number
  /** Depth and position of the native call being made, for calls back into the script. */
  depth: number
  at: PackedPosition
  /** What the variable holds that a method was called on, right after the call. */
  receiver: Value
  readonly limits: RunLimits
  /** Takes note of something that must forget the run's shapes when it ends. */
  remember(cache: ShapeCache): void
  readonly globals: ReadonlyMap<string, Value>
  readonly functions: FunctionTable
  readonly hostModules: HostModules
  /** Grants more operations or ends the run; called with `left` below zero. */
  overdrawn(at: PackedPosition): void
  compileText(source: string): EvaluatedText
  /** Compiles an expression in the notation of JSON, which sees nothing of the script. */
  compileJson(source: string): EvaluatedText
}
