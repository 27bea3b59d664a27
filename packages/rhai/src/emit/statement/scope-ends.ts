/**
 * The ends of scopes that are more than JavaScript's: variables kept by name, and imports.
 *
 * @module
 */

import { type BodyContext, SCOPE } from '../body-context.ts'
import {
  assign,
  call,
  declareConst,
  evaluate,
  identifier,
  member,
  type Statement,
  tryFinally,
} from '../javascript/javascript.ts'
import { IMPORTS } from '../program-context.ts'

/** Forgets what `statements` declare by name and import, however they end. */
export function rewinding(body: BodyContext, statements: readonly Statement[]): Statement[] {
  const mark = body.program.names.fresh('mark')
  const rewind = evaluate(call(member(SCOPE, 'rewind'), identifier(mark)))
  const inner = [declareConst(mark, member(SCOPE, 'length')), tryFinally(statements, [rewind])]
  return body.program.mayImport ? leavingImports(body, inner) : inner
}

/** Forgets what `statements` import, however they end. */
export function leavingImports(body: BodyContext, statements: readonly Statement[]): Statement[] {
  const mark = body.program.names.fresh('imports')
  return [
    declareConst(mark, IMPORTS),
    tryFinally(statements, [evaluate(assign(IMPORTS, identifier(mark)))]),
  ]
}
