/**
 * `eval(text)`: code that runs among the variables of its caller.
 *
 * @module
 */

import { RhaiError } from '../rhai-error.ts'
import { chargeText } from '../runtime/metering.ts'
import type { Cell, Value } from '../runtime/value.ts'
import { type Answer, Pending } from './call/pending.ts'
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
  const source = chargedSource(run, text, at)
  if (source === '') return undefined
  try {
    return run.compileText(module, source, isGlobal)(depth + 1, self, scope)
  } catch (error) {
    throw leavingText(error, at, module)
  }
}

/** The same in an asynchronous frame: the text may wait for the host. */
export function evaluateTextLater(
  run: RunState,
  module: ScriptModule,
  depth: number,
  at: PackedPosition,
  text: Value,
  scope: DynamicScope,
  self: Cell | undefined,
  isGlobal: boolean,
): Answer {
  const source = chargedSource(run, text, at)
  if (source === '') return undefined
  const evaluate = async (): Promise<Value> => {
    try {
      return await run.compileTextLater(module, source, isGlobal)(depth + 1, self, scope)
    } catch (error) {
      throw leavingText(error, at, module)
    }
  }
  return new Pending(evaluate())
}

function chargedSource(run: RunState, text: Value, at: PackedPosition): string {
  const given = expectString(text, at)
  run.at = at
  chargeText(run, given.length)
  const source = given.trim()
  chargeCompilation(run, source)
  return source
}

/** The error that leaves an `eval`. */
function leavingText(error: unknown, at: PackedPosition, { source }: ScriptModule): unknown {
  if (error instanceof RhaiError && error.endsRun) return located(asEvaluation(error), at)
  if (error instanceof RhaiError && (error.phase === 'parse' || isCatchable(error))) {
    return throughCall(asEvaluation(error), 'eval', at, source)
  }
  return located(error, at)
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
