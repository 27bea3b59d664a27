/**
 * How many operations a stretch of code is charged for when it is entered.
 *
 * Counts nodes, which is about what the reference counts one by one. Of the branches of an `if` or
 * `switch` the cheapest counts, because a script must never be charged for work it does not do;
 * what a dearer branch costs more is charged where it begins, if it is worth a charge of its own.
 * Bodies of loops are charged on each round, so they do not count here.
 * Invariant: at least 1, so that no loop and no recursion is free.
 *
 * @module
 */

import type { IfStatement, Statement, SwitchCase, SwitchStatement } from '../parse/ast.ts'
import { childrenOf, type Node } from './walk.ts'

/** What a branch may cost more than the cheapest one without being charged for it. */
const UNCHARGED_MAX = 8
const LABELS_PER_OPERATION = 4
const LABEL_UNITS_PER_OPERATION = 256

export function costOf(nodes: readonly Node[]): number {
  let cost = 1
  for (const node of nodes) cost += costOfNode(node)
  return cost
}

/** What is charged where a branch begins; zero if it cost little more than the cheapest. */
export function extraCostOf(
  branch: Statement | undefined,
  choice: IfStatement | SwitchStatement,
): number {
  const extra = costOfBranch(branch) - cheapest(branchesOf(choice))
  return extra > UNCHARGED_MAX ? extra : 0
}

const known = new WeakMap<Node, number>()

/** Branches are asked for their cost at every level around them. */
function costOfNode(node: Node): number {
  const before = known.get(node)
  if (before !== undefined) return before
  const cost = computedCost(node)
  if (node.kind === 'block' || node.kind === 'if' || node.kind === 'switch') known.set(node, cost)
  return cost
}

function computedCost(node: Node): number {
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
      return 1 + costOfNode(node.condition) + cheapest(branchesOf(node))
    case 'switch': {
      const matching = node.cases.reduce((cost, each) => cost + costOfMatching(each), 0)
      return 1 + costOfNode(node.subject) + Math.floor(matching) + cheapest(branchesOf(node))
    }
    default: {
      let cost = 1
      for (const child of childrenOf(node)) cost += costOfNode(child)
      return cost
    }
  }
}

function branchesOf(choice: IfStatement | SwitchStatement): readonly (Statement | undefined)[] {
  if (choice.kind === 'if') return [choice.consequent, choice.alternate]
  return [...choice.cases.map((each) => each.body), choice.fallback]
}

/** Labels are tried one after the other, and each may have a condition. */
function costOfMatching({ labels, guard }: SwitchCase): number {
  let cost = guard === undefined ? 0 : costOfNode(guard)
  for (const label of labels) {
    cost += 1 / LABELS_PER_OPERATION
    if (label.kind !== 'value') continue
    if (label.value.kind === 'string') cost += label.value.value.length / LABEL_UNITS_PER_OPERATION
    else cost += costOfNode(label.value) - 1
  }
  return cost
}

function cheapest(branches: readonly (Statement | undefined)[]): number {
  let least = Number.POSITIVE_INFINITY
  for (const branch of branches) least = Math.min(least, costOfBranch(branch))
  return least
}

function costOfBranch(branch: Statement | undefined): number {
  return branch === undefined ? 0 : costOfNode(branch)
}
