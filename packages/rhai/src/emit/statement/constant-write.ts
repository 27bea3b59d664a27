/**
 * Assignments through a constant: `CONSTANT.a[b] = value`.
 *
 * How one is refused is decided by what is written last, or by a tag on the way there. The way to it
 * must exist, so it is gone; where it ends at `()` and the script says `?.`, nothing is refused.
 *
 * @module
 */

import { startOf } from '../../analyse/position.ts'
import type { ChainExpression } from '../../parse/ast.ts'
import type { BodyContext } from '../body-context.ts'
import { type Base, type LinkArguments, readBase } from '../expression/chain-base.ts'
import { emitStages, isTag } from '../expression/chains.ts'
import type { Stage } from '../expression/method-calls.ts'
import { boxed, type Operand, unknown } from '../expression/operand.ts'
import {
  assign,
  conditional,
  type Expression,
  literal,
  sequence,
} from '../javascript/javascript.ts'
import { positionLiteral } from '../program-context.ts'
import { type Write, written } from './write.ts'

export function emitConstantWrite(
  body: BodyContext,
  node: ChainExpression,
  args: LinkArguments,
  base: Base,
  write: Write,
): Expression {
  const { program } = body
  const last = node.links.length - 1
  const end = node.links.findIndex((link, index) => isTag(link) || index === last)
  const link = node.links[end]
  const name = literal(node.base.kind === 'variable' ? node.base.name : '')
  const rootAt = positionLiteral(startOf(node.base))
  if (link?.kind !== 'property') {
    return program.callMachine('constantChanged', readBase(base), name, rootAt)
  }
  const site = program.propertySite(link)
  const finish = (stage: Stage): Stage => {
    const owner = body.temporary()
    const current = (): Operand => unknown(program.callMachine('property', site, owner))
    const value = end === last ? boxed(body, written(body, write, current)) : literal(0)
    const refused = program.callMachine('constantPropertyChanged', site, owner, value, name, rootAt)
    const result = link.isOptional
      ? conditional(program.isUnit(owner), literal(undefined), refused)
      : refused
    return { value: sequence(assign(owner, stage.value), result), kind: 'owned' }
  }
  const links = node.links.slice(0, end)
  return emitStages({ body, links, args, base, endEffect: undefined, finish }).value
}
