/**
 * Whether the right operand may change the value that the left one looks at.
 *
 * In `a + a.drain(0..1)` the left operand is what `a` was before. A variable or a part of one is
 * only looked at where it is read, so it needs a copy of its own where something on the right may
 * write in place: a method or a native function on that variable, a block, or any call when a
 * closure or a caller holds the variable too.
 *
 * @module
 */

import { childrenOf, type Node } from '../../analyse/walk.ts'
import type { Expression, ThisExpression, Variable } from '../../parse/ast.ts'
import type { BodyContext } from '../body-context.ts'
import { typeOfExpression } from './value-types.ts'
import { rootOf } from './variables.ts'

export function mayChange(body: BodyContext, left: Expression, right: Expression): boolean {
  if (isSimple(right)) return false
  const base = baseOf(left)
  if (base === undefined) return false
  const type = typeOfExpression(left, body)
  if (type !== 'unknown' && type !== 'other') return false
  const root = rootOf(body, base)
  if (root.kind === 'constant') return false
  return mayWrite(right, root.kind === 'cell' ? undefined : base)
}

function isSimple({ kind }: Expression): boolean {
  return kind === 'variable' || kind === 'this' || kind === 'integer' || kind === 'string'
}

/** The variable that an expression without calls reads. */
function baseOf(node: Expression): Variable | ThisExpression | undefined {
  if (node.kind === 'variable' || node.kind === 'this') return node
  if (node.kind !== 'chain' || node.links.some(({ kind }) => kind === 'method')) return undefined
  return baseOf(node.base)
}

/** Whether `node` may write to `target`, or call anything at all if that is undefined. */
function mayWrite(node: Node, target: Variable | ThisExpression | undefined): boolean {
  switch (node.kind) {
    case 'closure':
      return false
    case 'statement':
      return true
    case 'call':
      if (isOf(node.args[0], target)) return true
      break
    case 'chain':
      if (node.links.some(({ kind }) => kind === 'method') && isOf(node.base, target)) return true
      break
  }
  return childrenOf(node).some((child) => mayWrite(child, target))
}

function isOf(
  node: Expression | undefined,
  target: Variable | ThisExpression | undefined,
): boolean {
  if (target === undefined) return true
  if (node === undefined || node.kind !== target.kind) return false
  return node.kind === 'variable' && target.kind === 'variable' ? node.name === target.name : true
}
