/**
 * Runs long loops in stretches, so that JavaScript sees numbers in their variables.
 *
 * When JavaScript optimises a loop that is running, it knows nothing of what the variables hold at
 * that moment, and goes on to make an object of each large number that they get. A script is run
 * once, so its long loops are all optimised like that. Starting the loop anew now and then, from
 * variables that have just been made numbers, lets it keep them as such.
 *
 * Only a loop that stands alone runs in stretches: an outer loop starts its inner ones anew all the
 * time, and for a short inner loop the count alone would cost a third of its time.
 *
 * @module
 */

import type { Binding } from '../../analyse/unit.ts'
import { anyNode, type Node, nodesOutsideClosures } from '../../analyse/walk.ts'
import type { BodyContext, Loop } from '../body-context.ts'
import { isIntegerType } from '../expression/value-types.ts'
import {
  assign,
  binary,
  breakTo,
  conditional,
  continueTo,
  declareLet,
  type Expression,
  evaluate,
  identifier,
  ifElse,
  increment,
  literal,
  loop,
  not,
  type Statement,
  unary,
} from '../javascript/javascript.ts'

/** Long enough that starting anew costs nothing, and soon after a loop has been optimised. */
const ROUNDS = 10_000

/** What a JavaScript loop is made of, besides its label. */
export interface LoopParts {
  readonly test?: Expression | undefined
  readonly update?: Expression | undefined
  readonly round: readonly Statement[]
}

/** Statements that make variables from outside a loop numbers; none where that is of no use. */
export function renewals(body: BodyContext, node: Node, parts: readonly Node[]): Statement[] {
  const isNested = body.loops.length > 0
  if (isNested || body.isDynamic) return []
  if (anyNode(node, (inner) => inner !== node && isLoop(inner))) return []
  const written = new Set<Binding>()
  for (const each of nodesOutsideClosures(parts)) {
    if (each.kind !== 'assignment' || each.target.kind !== 'variable') continue
    const binding = body.unit.references.get(each.target)
    if (binding !== undefined) written.add(binding)
  }
  return [...written].flatMap((binding) => renewalOf(body, binding))
}

/** The loop, in stretches if there are renewals. */
export function loopOf(
  body: BodyContext,
  { label, next }: Loop,
  renewed: readonly Statement[],
  { test, update, round }: LoopParts,
): Statement {
  if (label === next) return loop(round, { label, test, update })
  const rounds = body.program.names.fresh('rounds')
  const isOver = binary('===', increment(identifier(rounds)), literal(ROUNDS))
  const end = test === undefined ? [] : [ifElse(not(test), [breakTo(label)])]
  const stretch = [ifElse(isOver, [continueTo(label)]), ...end, ...round]
  const inner = loop(stretch, { label: next, update })
  return loop([...renewed, declareLet(rounds, literal(0)), inner], { label })
}

/** An integer that is a number, as far as JavaScript can tell; one that is not stays as it is. */
export function renewedInteger(body: BodyContext, variable: Expression): Statement {
  const isNumber = binary('===', unary('typeof ', variable), literal('number'))
  const other = body.program.callMachine('untagged', variable)
  return evaluate(assign(variable, conditional(isNumber, unary('+', variable), other)))
}

function renewalOf(body: BodyContext, binding: Binding): Statement[] {
  const variable = body.variable(binding)
  if (variable === undefined || binding.isCaptured || binding.isConstant) return []
  const number = body.numberOf(binding)
  if (number !== undefined) return [evaluate(assign(number, unary('+', number)))]
  const type = body.representationOf(binding)
  if (type === 'double') return [evaluate(assign(variable, unary('+', variable)))]
  return isIntegerType(type) ? [renewedInteger(body, variable)] : []
}

function isLoop({ kind }: Node): boolean {
  return kind === 'while' || kind === 'loop' || kind === 'do' || kind === 'for'
}
