/**
 * `eval(text)`: code that runs among the variables of its caller.
 *
 * @module
 */

import { RhaiError } from '../rhai-error.ts'
import { chargeText } from '../runtime/metering.ts'
import type { Cell, Value } from '../runtime/value.ts'
import { DynamicScope } from './dynamic-scope.ts'
import { isCatchable, located, type PackedPosition, throughCall } from './error/failure.ts'
import { expectString } from './expect-string.ts'
import type { RunState } from './run-state.ts'

export function evaluateText(
  run: RunState,
  depth: number,
  at: PackedPosition,
  text: Value,
  scope: DynamicScope,
  self: Cell | undefined,
): Value {
  const given = expectString(text, at)
  run.at = at
  chargeText(run, given.length)
  const source = given.trim()
  chargeCompilation(run, source)
  if (source === '') return undefined
  try {
    return run.compileText(source)(depth + 1, self, scope)
  } catch (error) {
    if (error instanceof RhaiError && (error.phase === 'parse' || isCatchable(error))) {
      throw throughCall(asEvaluation(error), 'eval', at)
    }
    throw located(error, at)
  }
}

const COMPILATION = 250
const OPERATIONS_PER_UNIT = 12

/** Text is read, made into JavaScript, and that is read again. */
function chargeCompilation(run: RunState, source: string): void {
  run.charge(COMPILATION + source.length * OPERATIONS_PER_UNIT)
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

/**
 * A syntax error of the text is, for the script around it, something that happened while running.
 */
function asEvaluation(error: RhaiError): RhaiError {
  if (error.phase === 'eval') return error
  return new RhaiError({
    phase: 'eval',
    kind: error.kind,
    text: `Syntax error: ${error.text}`,
    line: error.line,
    column: error.column,
    cause: error,
  })
}
