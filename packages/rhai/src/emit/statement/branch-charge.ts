/**
 * What a branch costs more than the others, charged where it begins.
 *
 * @module
 */

import { extraCostOf } from '../../analyse/cost.ts'
import type { IfStatement, Statement as Node, SwitchStatement } from '../../parse/ast.ts'
import { charge } from '../functions.ts'
import type { Statement } from '../javascript/javascript.ts'
import { positionLiteral } from '../program-context.ts'

export function chargeBranch(branch: Node, choice: IfStatement | SwitchStatement): Statement[] {
  const extra = extraCostOf(branch, choice)
  return extra === 0 ? [] : [charge(extra, positionLiteral(branch.position))]
}
