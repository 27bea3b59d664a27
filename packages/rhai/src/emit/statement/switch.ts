/**
 * `switch`.
 *
 * Cases are tried in the order they are written; the first whose label matches and whose guard
 * holds wins.
 *
 * @module
 */

import type {
  Expression as ExpressionNode,
  SwitchCase,
  SwitchLabel,
  SwitchStatement,
} from '../../parse/ast.ts'
import type { BodyContext, Destination } from '../body-context.ts'
import { emitUntagged } from '../expression/untagged.ts'
import {
  binary,
  both,
  breakTo,
  declareConst,
  type Expression,
  either,
  identifier,
  ifElse,
  labelled,
  literal,
  type Statement,
} from '../javascript/javascript.ts'
import { emitBorrowed, emitCondition, emitStatements } from '../recursion.ts'
import { chargeBranch } from './branch-charge.ts'
import { deliver } from './deliver.ts'

export function emitSwitch(
  body: BodyContext,
  node: SwitchStatement,
  out: Statement[],
  destination: Destination,
): void {
  const { names } = body.program
  const label = names.fresh('cases')
  const subject = names.fresh('subject')
  const value = emitUntagged(body, node.subject, out)
  const inner: Statement[] = [declareConst(subject, value)]
  for (const each of node.cases)
    emitCase(body, node, each, identifier(subject), label, inner, destination)
  if (node.fallback === undefined) deliver(literal(undefined), inner, destination)
  else {
    inner.push(...chargeBranch(node.fallback, node))
    emitStatements(body, [node.fallback], inner, destination)
  }
  out.push(labelled(label, inner))
}

function emitCase(
  body: BodyContext,
  choice: SwitchStatement,
  node: SwitchCase,
  subject: Expression,
  label: string,
  out: Statement[],
  destination: Destination,
): void {
  const tests = node.labels.map((each) => emitLabelTest(body, each, subject))
  const matches = tests.reduceRight((rest, test) => either(test, rest))
  const chosen = chargeBranch(node.body, choice)
  emitStatements(body, [node.body], chosen, destination)
  if (destination.kind !== 'return') chosen.push(breakTo(label))
  if (node.guard === undefined) {
    out.push(ifElse(matches, chosen))
    return
  }
  const before: Statement[] = []
  const guard = emitCondition(body, node.guard, before)
  if (before.length === 0) out.push(ifElse(both(matches, guard), chosen))
  else out.push(ifElse(matches, [...before, ifElse(guard, chosen)]))
}

function emitLabelTest(body: BodyContext, label: SwitchLabel, subject: Expression): Expression {
  const { program } = body
  if (label.kind === 'pointer') return literal(false)
  if (label.kind === 'range') {
    const { start, end, isInclusive } = label
    return program.callMachine(
      'inRange',
      subject,
      literal(start),
      literal(end),
      literal(isInclusive),
    )
  }
  const value = emitConstant(body, label.value)
  return value.kind === 'literal'
    ? binary('===', subject, value)
    : program.callMachine('matches', subject, value)
}

/** A label's value: made once if it is not a JavaScript literal. */
function emitConstant(body: BodyContext, node: ExpressionNode): Expression {
  const value = emitBorrowed(body, node, [])
  if (value.kind === 'literal' || value.kind === 'identifier') return value
  return body.program.hoist('label', value)
}
