/**
 * Scopes of code that keeps its variables by name.
 *
 * @module
 */

import { type BodyContext, SCOPE } from '../body-context.ts'
import {
  call,
  declareConst,
  evaluate,
  identifier,
  member,
  type Statement,
  tryFinally,
} from '../javascript/javascript.ts'

/** Forgets the variables that `statements` declare by name, however they end. */
export function rewinding(body: BodyContext, statements: readonly Statement[]): Statement[] {
  const mark = body.program.names.fresh('mark')
  return [
    declareConst(mark, member(SCOPE, 'length')),
    tryFinally(statements, [evaluate(call(member(SCOPE, 'rewind'), identifier(mark)))]),
  ]
}
