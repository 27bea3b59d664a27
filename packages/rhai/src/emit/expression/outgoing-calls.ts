/**
 * Calls whose callee is decided at run time, in the form of the frame around them.
 *
 * Where the callee may wait, the machine's asynchronous namesake is called, and the frame awaits
 * its answer if it is one to be awaited.
 *
 * @module
 */

import type { CallNode } from '../../analyse/callees.ts'
import type { MachineName } from '../../machine/machine.ts'
import type { ImportStatement } from '../../parse/ast.ts'
import type { BodyContext } from '../body-context.ts'
import {
  assign,
  awaited,
  binary,
  conditional,
  type Expression,
  member,
} from '../javascript/javascript.ts'

const LATER = {
  callFunction: 'callFunctionLater',
  callFunctionOnCell: 'callFunctionOnCellLater',
  callFunctionOnConstant: 'callFunctionOnConstantLater',
  callMethod0: 'callMethod0Later',
  callMethod1: 'callMethod1Later',
  callMethod: 'callMethodLater',
  callMethodOnCell: 'callMethodOnCellLater',
  callMethodOnConstant: 'callMethodOnConstantLater',
  callMethodAt: 'callMethodAtLater',
  callByName: 'callByNameLater',
  callValue: 'callValueLater',
  callMethodOn: 'callMethodOnLater',
  callMethodAtPlace: 'callMethodAtPlaceLater',
  callAmong: 'callAmongLater',
  callQualified: 'callQualifiedLater',
  importModule: 'importModuleLater',
  evaluateText: 'evaluateTextLater',
} as const satisfies Partial<Record<MachineName, MachineName>>

/** The call that `node` makes by a function of the machine; gives the value. */
export function callOut(
  body: BodyContext,
  node: CallNode | ImportStatement,
  name: keyof typeof LATER,
  ...args: Expression[]
): Expression {
  const { program } = body
  if (!program.surroundings.waiting.waits(node)) return program.callMachine(name, ...args)
  const answer = body.temporary()
  const call = assign(answer, program.callMachine(LATER[name], ...args))
  const isPending = binary('instanceof', call, program.use('Pending'))
  return conditional(isPending, awaited(member(answer, 'promise')), answer)
}
