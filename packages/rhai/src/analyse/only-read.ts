/**
 * Whether a function only looks at parts of what a parameter holds.
 *
 * A container given to such a parameter need not be a copy: nothing can change it or keep it. Anything
 * but reading properties and elements counts as more, so do inner closures and computed names.
 *
 * @module
 */

import type { Expression } from '../parse/ast.ts'
import { childrenOf, type Node } from './walk.ts'

/** Whether `name` stands only where a property or an element of it is read. */
export function isOnlyRead(body: Node, name: string): boolean {
  const pending: Node[] = [body]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === 'closure' || isNamed(node, name)) return false
    if (node.kind === 'assignment' && isNamed(baseOf(node.target), name)) return false
    const children = childrenOf(node)
    pending.push(...(isRead(node, name) ? children.slice(1) : children))
  }
  return true
}

function isNamed(node: Node, name: string): boolean {
  return node.kind === 'variable' && 'namespace' in node && node.name === name
}

function isRead(node: Node, name: string): boolean {
  if (node.kind !== 'chain' || !isNamed(node.base, name)) return false
  return node.links.every((link) => link.kind !== 'method')
}

function baseOf(target: Expression): Expression {
  return target.kind === 'chain' ? target.base : target
}
