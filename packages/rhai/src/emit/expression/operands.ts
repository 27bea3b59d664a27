/**
 * Keeps the order of evaluation when operands need statements of their own.
 *
 * Emitting an expression may put statements before it (`let x = 1 + loop { break 2 }`). Operands to
 * the left must then be evaluated before those statements, so they are saved in temporaries.
 *
 * @module
 */

import type { BodyContext } from '../body-context.ts'
import { assign, type Expression, evaluate, type Statement } from '../javascript/javascript.ts'

export type Emit = (out: Statement[]) => Expression

/** Emits operands left to right; the results can be put into one expression in that order. */
export function emitInOrder(
  body: BodyContext,
  operands: readonly Emit[],
  out: Statement[],
): Expression[] {
  const results: Expression[] = []
  for (const operand of operands) {
    const before: Statement[] = []
    const writes = body.writes
    const result = operand(before)
    if (before.length > 0 || body.writes !== writes) {
      for (let i = 0; i < results.length; i++) {
        const earlier = results[i]
        if (earlier !== undefined && earlier.kind !== 'literal') {
          results[i] = kept(body, earlier, out)
        }
      }
    }
    out.push(...before)
    results.push(result)
  }
  return results
}

/** Evaluates `expression` now, and answers the temporary that holds the result. */
export function saved(body: BodyContext, expression: Expression, out: Statement[]): Expression {
  const temporary = body.temporary()
  out.push(evaluate(assign(temporary, expression)))
  return temporary
}

/**
 * Evaluates `expression` now, ahead of statements that are emitted already: they may use the
 * temporaries of this statement, so the result goes into a variable of its own.
 */
export function kept(body: BodyContext, expression: Expression, out: Statement[]): Expression {
  const keeper = body.keeper()
  out.push(evaluate(assign(keeper, expression)))
  return keeper
}

/** Whether an expression can be written several times: it costs nothing and does nothing. */
export function isRepeatable(expression: Expression): boolean {
  return expression.kind === 'identifier' || expression.kind === 'literal'
}

/** Whether evaluating an expression can neither change a variable nor fail. */
export function isInert(expression: Expression): boolean {
  if (isRepeatable(expression)) return true
  return (
    expression.kind === 'call' &&
    expression.callee.kind === 'identifier' &&
    expression.callee.name === 'copy' &&
    expression.args.every(isRepeatable)
  )
}
