/**
 * `eval(text)`: code that runs among the variables of its caller.
 *
 * @module
 */

import { RhaiError } from '../rhai-error.ts'
import { chargeText } from '../runtime/metering.ts'
import type { Cell, Value } from '../runtime/value.ts'
import { chargeCompilation } from './compilation-charge.ts'
import { DynamicScope } from './dynamic-scope.ts'
import {
  asEvaluation,
  isCatchable,
  located,
  type PackedPosition,
  throughCall,
} from './error/failure.ts'
import { expectString } from './expect-string.ts'
import type { ScriptModule } from './module/script-module.ts'
import type { RunState } from './run-state.ts'

export function evaluateText(
  run: RunState,
  module: ScriptModule,
  depth: number,
  at: PackedPosition,
  text: Value,
  scope: DynamicScope,
  self: Cell | undefined,
  isGlobal: boolean,
): Value {
  const given = expectString(text, at)
  run.at = at
  chargeText(run, given.length)
  const source = given.trim()
  chargeCompilation(run, source)
  if (source === '') return undefined
  try {
    return run.compileText(module, source, isGlobal)(depth + 1, self, scope)
  } catch (error) {
    if (error instanceof RhaiError && error.isLimit) throw located(asEvaluation(error), at)
    if (error instanceof RhaiError && (error.phase === 'parse' || isCatchable(error))) {
      throw throughCall(asEvaluation(error), 'eval', at, module.source)
    }
    throw located(error, at)
  }
}

/** The value of an expression in the notation of JSON. Its errors keep their place in the text. */
export function evaluateJson(run: RunState, text: string): Value {
  chargeCompilation(run, text)
  try {
    return run.compileJson(text)(run.depth, undefined, new DynamicScope())
  } catch (error) {
    throw error instanceof RhaiError ? asEvaluation(error) : error
  }
}
