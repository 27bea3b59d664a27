/**
 * Where a chain starts, and the indexes and arguments along it.
 *
 * @module
 */

import type {
  ChainExpression,
  ChainLink,
  Expression as Node,
  ThisExpression,
  Variable,
} from '../../parse/ast.ts'
import type { BodyContext } from '../body-context.ts'
import { type Expression, member, type Statement } from '../javascript/javascript.ts'
import { emitBorrowed, emitOwned } from '../recursion.ts'
import { boxed } from './operand.ts'
import { type Emit, emitInOrder, isInert, isRepeatable, saved } from './operands.ts'
import { localOperand, type Root, rootOf } from './variables.ts'
import { noteWalk } from './walks.ts'

/** The evaluated index or arguments of each link. */
export type LinkArguments = readonly (readonly Expression[])[]

/**
 * Evaluates indexes and arguments ahead of the base, in temporaries where that could be noticed.
 */
export function emitLinkArguments(
  body: BodyContext,
  node: ChainExpression,
  out: Statement[],
): LinkArguments {
  const before: Statement[] = []
  const writes = body.writes
  const emits = node.links.map((link) => argumentEmits(body, link))
  const flat = emitInOrder(body, emits.flat(), before)
  // What comes after the first link is emitted behind it, and going through a link may fail, or make
  // a container writable that an argument is to be a copy of.
  const behindLinks = flat.slice(emits[0]?.length ?? 0)
  const mustGoFirst =
    before.length > 0 ||
    body.writes !== writes ||
    !isSteady(body, node.base, flat) ||
    !behindLinks.every(isRepeatable)
  out.push(...before)
  const values = mustGoFirst
    ? flat.map((value) => (value.kind === 'literal' ? value : saved(body, value, out)))
    : flat
  let next = 0
  return emits.map((group) => {
    const start = next
    next += group.length
    return values.slice(start, next)
  })
}

/** An index is only looked at; arguments are given away. */
function argumentEmits(body: BodyContext, link: ChainLink): readonly Emit[] {
  switch (link.kind) {
    case 'index':
      return [(out) => emitBorrowed(body, link.index, out)]
    case 'method':
      noteWalk(body.program, link)
      return link.args.map((arg) => (out: Statement[]) => emitOwned(body, arg, out))
    case 'property':
      return []
  }
}

/** Whether evaluating the base first and the arguments then gives the same. */
function isSteady(body: BodyContext, base: Node, args: readonly Expression[]): boolean {
  if (args.every(isInert)) return true
  if (base.kind !== 'variable' || base.namespace.length > 0) return false
  return rootOf(body, base).kind === 'local'
}

/** What a chain starts from, evaluated once. */
/** A variable of the script, whose value a call may replace. */
export type VariableBase = Extract<Root, { kind: 'local' | 'cell' }>

export type Base = Root | { readonly kind: 'value'; readonly value: Expression }

export function emitBase(body: BodyContext, node: Node, out: Statement[]): Base {
  if (node.kind !== 'variable' && node.kind !== 'this') {
    return { kind: 'value', value: emitOwned(body, node, out) }
  }
  const root = emitRoot(body, node, out)
  if (root.kind !== 'local' || (root.type !== 'double' && root.number === undefined)) return root
  return { kind: 'value', value: boxed(body, localOperand(body, root)) }
}

/** A variable as something to write to, evaluated once. */
export function emitRoot(
  body: BodyContext,
  node: Variable | ThisExpression,
  out: Statement[],
): Root {
  const root = rootOf(body, node)
  if (root.kind !== 'cell' || isRepeatable(root.cell)) return root
  return { ...root, cell: saved(body, root.cell, out) }
}

/** The value a chain starts from. */
export function readBase(base: Base): Expression {
  switch (base.kind) {
    case 'local':
      return base.variable
    case 'cell':
      return member(base.cell, 'value')
    default:
      return base.value
  }
}
