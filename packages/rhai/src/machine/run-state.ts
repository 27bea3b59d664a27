/**
 * A run as the rest of the machine sees it.
 *
 * @module
 */

import type { CallContext, RunLimits } from '../runtime/call-context.ts'
import type { Reply } from '../runtime/reply.ts'
import type { Cell, Value } from '../runtime/value.ts'
import type { DynamicScope } from './dynamic-scope.ts'
import type { PackedPosition } from './error/failure.ts'
import type { ResolvedModule } from './module/module-resolver.ts'
import type { RunModules } from './module/run-modules.ts'
import type { ScriptModule } from './module/script-module.ts'

/** Compiled text of an `eval` or of a module, given the scope it runs in. */
export type EvaluatedText = (depth: number, self: Cell | undefined, scope: DynamicScope) => Value

/** The same in the asynchronous form. */
export type EvaluatedTextLater = (...given: Parameters<EvaluatedText>) => Promise<Value>

/** Something that remembers shapes of the run's maps. */
export interface ShapeCache {
  /** Called when the run ends. */
  forget(): void
}

export interface RunState extends CallContext {
  /** Operations left of the current grant; emitted code takes from it directly. */
  left: number
  /** Deepest call that passes no limit, see `call/call-limits.ts`. */
  readonly depthMax: number
  /** Most variables in scope of a call; infinite when there is no limit. */
  readonly variablesMax: number
  /** Depth and position of the native call being made, for calls back into the script. */
  depth: number
  at: PackedPosition
  /** What the variable holds that a method was called on, right after the call. */
  receiver: Value
  readonly limits: RunLimits
  /** Takes note of how many variables a function can have. */
  noteVariables(count: number): void
  /** Takes note of something that must forget the run's shapes when it ends. */
  remember(cache: ShapeCache): void
  readonly globals: ReadonlyMap<string, Value>
  /** The script the run was started for. */
  readonly main: ScriptModule
  /** Stands for a text that is data: nothing is defined or offered in it. */
  readonly data: ScriptModule
  home: ScriptModule
  readonly modules: RunModules
  /** Grants more operations or ends the run; called with `left` below zero. */
  overdrawn(at: PackedPosition): void
  /** Compiles the text of an `eval` in `module`, which `isGlobal` says is at its global level. */
  compileText(module: ScriptModule, source: string, isGlobal: boolean): EvaluatedText
  /** The same for text that may wait for the host. */
  compileTextLater(module: ScriptModule, source: string, isGlobal: boolean): EvaluatedTextLater
  /** Compiles the script that `module` is to be an evaluation of. */
  compileModule(module: ScriptModule, source: ResolvedModule['source']): EvaluatedText
  /** The same; the script may wait for the host. */
  compileModuleLater(
    module: ScriptModule,
    source: ResolvedModule['source'],
  ): (...given: Parameters<EvaluatedText>) => Reply
  /** Compiles an expression in the notation of JSON, which sees nothing of the script. */
  compileJson(source: string): EvaluatedText
}
