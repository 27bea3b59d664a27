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
import { emitAll, emitOwned } from '../recursion.ts'
import { boxed } from './operand.ts'
import { isInert, isRepeatable, saved } from './operands.ts'
import { type Root, rootOf } from './variables.ts'

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
  const nodes = node.links.map(argumentsOf)
  const flat = emitAll(body, nodes.flat(), before)
  const mustGoFirst =
    before.length > 0 || body.writes !== writes || !isSteady(body, node.base, flat)
  out.push(...before)
  const values = mustGoFirst
    ? flat.map((value) => (value.kind === 'literal' ? value : saved(body, value, out)))
    : flat
  let next = 0
  return nodes.map((group) => {
    const start = next
    next += group.length
    return values.slice(start, next)
  })
}

function argumentsOf(link: ChainLink): readonly Node[] {
  if (link.kind === 'index') return [link.index]
  return link.kind === 'method' ? link.args : []
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
  if (root.kind !== 'local' || root.type !== 'double') return root
  return { kind: 'value', value: boxed(body, { value: root.variable, type: root.type }) }
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
