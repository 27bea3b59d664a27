/**
 * Closures made ready for many calls from one library function, such as `map` or `sort`.
 *
 * @module
 */
import type { PreparedCall } from '../../runtime/call-context.ts'
import type { FunctionPointer, Value } from '../../runtime/value.ts'
import { isLocked } from '../place.ts'
import type { RunState } from '../run-state.ts'
import { CompiledFunction } from './function-table.ts'

/**
 * Looks once at everything that stays the same between the calls. Undefined for pointers that take
 * more thought: other numbers of arguments, curried ones, and captured variables in use elsewhere.
 */
export function prepareCall(
  run: RunState,
  pointer: FunctionPointer,
  argumentCount: number,
): PreparedCall | undefined {
  const target = directTarget(pointer, argumentCount)
  if (target === undefined) return undefined
  const { code } = target
  const { at, depth } = run
  const calleeDepth = depth + 1
  // A call inside leaves its own depth and position behind, which the library call must not take on.
  const returned = (value: Value): Value => {
    run.depth = depth
    run.at = at
    return value
  }
  switch (argumentCount) {
    case 0:
      return (self) => returned(code(calleeDepth, at, self))
    case 1:
      return (self, first) => returned(code(calleeDepth, at, self, first))
    case 2:
      return (self, first, second) => returned(code(calleeDepth, at, self, first, second))
    case 3:
      return (self, a, b, c) => returned(code(calleeDepth, at, self, a, b, c))
    default:
      return undefined
  }
}

/** The function that a pointer calls with nothing but these arguments, if that is all there is to it. */
export function directTarget(
  { curried, target }: FunctionPointer,
  argumentCount: number,
): CompiledFunction | undefined {
  if (!(target instanceof CompiledFunction) || target.captures !== curried.length) return undefined
  if (target.arity !== curried.length + argumentCount || curried.some(isLocked)) return undefined
  return target
}
