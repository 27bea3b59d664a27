/**
 * How many operations a stretch of code is charged for when it is entered.
 *
 * Counts nodes, which is about what the reference counts one by one. Of the branches of an `if` or
 * `switch` the cheapest counts, because a script must never be charged for work it does not do;
 * bodies of loops are charged on each round, so they do not count here.
 * Invariant: at least 1, so that no loop and no recursion is free.
 *
 * @module
 */

import type { Statement } from '../parse/ast.ts'
import { childrenOf, type Node } from './walk.ts'

export function costOf(nodes: readonly Node[]): number {
  let cost = 1
  for (const node of nodes) cost += costOfNode(node)
  return cost
}

function costOfNode(node: Node): number {
  switch (node.kind) {
    case 'closure':
      return 1
    case 'while':
    case 'do':
      return 1 + costOfNode(node.condition)
    case 'for':
      return 1 + costOfNode(node.iterable)
    case 'loop':
      return 1
    case 'if':
      return 1 + costOfNode(node.condition) + cheapest([node.consequent, node.alternate])
    case 'switch': {
      const bodies = [...node.cases.map((each) => each.body), node.fallback]
      return 1 + costOfNode(node.subject) + cheapest(bodies)
    }
    default: {
      let cost = 1
      for (const child of childrenOf(node)) cost += costOfNode(child)
      return cost
    }
  }
}

function cheapest(branches: readonly (Statement | undefined)[]): number {
  let least = Number.POSITIVE_INFINITY
  for (const branch of branches) {
    least = Math.min(least, branch === undefined ? 0 : costOfNode(branch))
  }
  return least
}
