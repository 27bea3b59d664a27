/**
 * Assignments to a property or an element: `a.b[c] = value`.
 *
 * Everything before the last link is made writable on the way down; the last link is written. A
 * string or an integer cannot change in place, so a write into one replaces the variable or the
 * place it lies in.
 *
 * @module
 */

import { startOf } from '../../analyse/position.ts'
import type { ChainExpression, ChainLink, IndexLink } from '../../parse/ast.ts'
import type { BodyContext } from '../body-context.ts'
import { canBePosition, isOwnElement } from '../expression/array-elements.ts'
import {
  type Base,
  emitBase,
  emitLinkArguments,
  type LinkArguments,
  type VariableBase,
} from '../expression/chain-base.ts'
import { emitStages, isTag, isUnmetered, measuredAt } from '../expression/chains.ts'
import type { Stage } from '../expression/method-calls.ts'
import { boxed, type Operand, unknown } from '../expression/operand.ts'
import { isRepeatable, saved } from '../expression/operands.ts'
import { typeOfExpression } from '../expression/value-types.ts'
import {
  assign,
  binary,
  both,
  conditional,
  type Expression,
  either,
  evaluate,
  identifier,
  ifElse,
  literal,
  member,
  memberAt,
  not,
  type Statement,
  sequence,
  unary,
} from '../javascript/javascript.ts'
import { positionLiteral, RUN } from '../program-context.ts'
import { emitConstantWrite } from './constant-write.ts'
import { directWrite } from './direct-write.ts'
import { type Write, written } from './write.ts'

export function emitChainWrite(
  body: BodyContext,
  node: ChainExpression,
  write: Write,
  out: Statement[],
): void {
  const args = emitLinkArguments(body, node, out)
  const base = emitBase(body, node.base, out)
  const rootAt = positionLiteral(startOf(node.base))
  const name = node.base.kind === 'variable' ? node.base.name : ''
  if (isConstantBase(base)) {
    out.push(evaluate(emitConstantWrite(body, node, args, base, write)))
    return
  }
  if (base.kind === 'cell' && base.isConstant === undefined) {
    const tag = node.links.find(isTag)
    const tagAt = tag === undefined ? [] : [positionLiteral(tag.position)]
    const tested = body.program.callMachine('writable', base.cell, literal(name), rootAt, ...tagAt)
    out.push(evaluate(tested))
  }
  const direct = directWrite(body, base, node.links, args, write)
  if (direct === undefined) {
    emitWriteThroughPlaces(body, node, args, base, write, out)
    return
  }
  const otherwise: Statement[] = []
  emitWriteThroughPlaces(body, node, args, base, write, otherwise)
  out.push(ifElse(direct.test, direct.statements, otherwise))
}

function emitWriteThroughPlaces(
  body: BodyContext,
  node: ChainExpression,
  args: LinkArguments,
  base: Base,
  write: Write,
  out: Statement[],
): void {
  const links = node.links.slice(0, -1)
  const last = node.links.at(-1)
  const key = args.at(-1)?.[0] ?? literal(undefined)
  if (last === undefined) throw new Error('a chain without links passed the parser')
  if (
    links.length === 0 &&
    last.kind === 'index' &&
    (base.kind === 'local' || base.kind === 'cell')
  ) {
    emitElementWrite(body, base, last, key, write, out)
    return
  }
  const finish = (stage: Stage): Stage => ({
    value: storing(body, stage.value, last, key, write),
    kind: 'owned',
  })
  const { value } = emitStages({
    body,
    links,
    args,
    base,
    endEffect: 'replaces',
    endLink: last,
    finish,
  })
  out.push(evaluate(value))
  if (links.length > 0 && (base.kind === 'local' || base.kind === 'cell')) {
    out.push(evaluate(measuredAt(body, base, last.position)))
  }
}

function isConstantBase(base: Base): boolean {
  if (base.kind === 'constant') return true
  return (base.kind === 'local' || base.kind === 'cell') && base.isConstant === true
}

/** `variable[key] = value`: strings and integers are replaced in the variable. */
function emitElementWrite(
  body: BodyContext,
  base: VariableBase,
  link: IndexLink,
  key: Expression,
  write: Write,
  out: Statement[],
): void {
  const { program } = body
  const run = identifier(RUN)
  const variable = base.kind === 'local' ? base.variable : member(base.cell, 'value')
  const at = positionLiteral(link.position)
  const operatorAt = positionLiteral(link.operatorPosition)
  const held = repeatable(body, key, out)
  const current = (): Operand =>
    unknown(program.callMachine('elementForUpdate', run, variable, held, at, operatorAt))
  const typed = { value: held, type: typeOfExpression(link.index, body) }
  const result = written(body, write, current)
  const value = repeatable(body, boxed(body, result), out)
  const changed = program.callMachine(
    'withIndex',
    run,
    variable,
    held,
    value,
    at,
    operatorAt,
    write.at,
  )
  const general = evaluate(assign(variable, changed))
  const isOwn = isOwnElement(body, variable, typed)
  const isInPlace = isSmall(result) ? isOwn : both(isOwn, mayStay(value))
  const store =
    base.kind === 'local' && canBePosition(typed)
      ? ifElse(
          isInPlace,
          [evaluate(assign(memberAt(member(variable, 'items'), held), value))],
          [general],
        )
      : general
  out.push(link.isOptional ? ifElse(not(program.isUnit(variable)), [store]) : store)
}

/** Puts the value into the last link of what `owner` gives. */
function storing(
  body: BodyContext,
  owner: Expression,
  link: ChainLink,
  key: Expression,
  write: Write,
): Expression {
  const { program } = body
  const run = identifier(RUN)
  const at = positionLiteral(link.position)
  const setup: Expression[] = []
  const keep = (value: Expression): Expression => {
    if (isRepeatable(value)) return value
    const temporary = body.temporary()
    setup.push(assign(temporary, value))
    return temporary
  }
  const isReadFirst = write.operator !== undefined || link.isOptional
  const place = isReadFirst ? keep(owner) : owner
  let store: Expression
  if (link.kind === 'index') {
    const operatorAt = positionLiteral(link.operatorPosition)
    const held = isReadFirst ? keep(key) : key
    const current = (): Operand =>
      unknown(program.callMachine('elementForUpdate', run, place, held, at, operatorAt))
    const value = boxed(body, written(body, write, current))
    store = program.callMachine('storeIndex', run, place, held, value, at, operatorAt, write.at)
  } else {
    const site = program.propertySite(link)
    const current = (): Operand => unknown(program.callMachine('propertyForUpdate', site, place))
    const value = boxed(body, written(body, write, current))
    store = program.callMachine('storeProperty', site, place, value)
  }
  if (link.isOptional) {
    const current = program.callMachine('valueAt', place)
    store = conditional(program.isUnit(current), literal(undefined), store)
  }
  return setup.length === 0 ? store : sequence(...setup, store)
}

/** Whether a value surely takes no more room than the item it becomes. */
function isSmall({ type }: Operand): boolean {
  return type !== 'unknown' && type !== 'other' && type !== 'none'
}

/** Whether nobody need be told of a value that becomes an item. */
function mayStay(value: Expression): Expression {
  return either(binary('===', unary('typeof ', value), literal('number')), isUnmetered())
}

function repeatable(body: BodyContext, value: Expression, out: Statement[]): Expression {
  return isRepeatable(value) ? value : saved(body, value, out)
}
