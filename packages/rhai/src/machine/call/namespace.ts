/**
 * What a name in front of `::` stands for, whether a script or the host made it.
 *
 * @module
 */

import type { NativeOverloads } from '../../runtime/native-function.ts'
import type { Cell } from '../../runtime/value.ts'
import type { CompiledFunction } from './function-table.ts'

export interface Namespace {
  /** The namespace `name` inside this one. */
  inner(name: string): Namespace | undefined
  /** Where the value of `...::name` is kept; scripts only read it. */
  variable(name: string): Cell | undefined
  /** What a call of `...::name` with so many arguments means. */
  callee(name: string, arity: number): CompiledFunction | NativeOverloads | undefined
}
