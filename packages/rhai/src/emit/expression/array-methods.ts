/**
 * Method calls that arrays take without a search for the function, see `machine/call/array-calls.ts`.
 *
 * @module
 */

import type { MachineName } from '../../machine/machine.ts'
import type { MethodLink } from '../../parse/ast.ts'
import type { ProgramContext } from '../program-context.ts'

/** The machine's function for a receiver that is a value or a place, and for one in a cell. */
export interface ArrayMethod {
  readonly onValue: MachineName
  readonly onCell: MachineName
}

/** By name and number of arguments. */
const ARRAY_METHODS: ReadonlyMap<string, ArrayMethod> = new Map<string, ArrayMethod>([
  ['push/1', { onValue: 'callPush', onCell: 'callPushOnCell' }],
  ['pop/0', { onValue: 'callPop', onCell: 'callPopOnCell' }],
  ['shift/0', { onValue: 'callShift', onCell: 'callShiftOnCell' }],
  ['remove/1', { onValue: 'callRemove', onCell: 'callRemoveOnCell' }],
  ['len/0', { onValue: 'callLen', onCell: 'callLenOnCell' }],
  ['is_empty/0', { onValue: 'callIsEmpty', onCell: 'callIsEmptyOnCell' }],
])

/** How to call a method that arrays have, where its name can mean no other function. */
export function arrayMethod(program: ProgramContext, link: MethodLink): ArrayMethod | undefined {
  const { name, args } = link
  if (program.isReplaced(name, args.length) || program.surroundings.waiting.waits(link)) {
    return undefined
  }
  return ARRAY_METHODS.get(`${name}/${args.length}`)
}
