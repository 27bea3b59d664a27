/**
 * Visits the parts of a syntax tree.
 *
 * `childrenOf` lists the expressions and statements directly inside a node, closures included, in
 * the order they are written. Passes that only look for something are built on it.
 *
 * @module
 */

import type { ChainLink, Expression, Script, Statement, SwitchStatement } from '../parse/ast.ts'

export type Node = Expression | Statement

export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'block':
      return node.statements
    case 'expression':
      return [node.expression]
    case 'variable':
      return 'isConstant' in node ? present(node.value) : []
    case 'assignment':
      return [node.target, node.value]
    case 'if':
      return [node.condition, node.consequent, ...present(node.alternate)]
    case 'switch':
      return switchChildren(node)
    case 'while':
    case 'do':
      return [node.condition, node.body]
    case 'loop':
      return [node.body]
    case 'for':
      return [node.iterable, node.body]
    case 'break':
    case 'return':
    case 'throw':
      return present(node.value)
    case 'try':
      return [node.body, node.handler]
    case 'import':
      return [node.path]
    case 'interpolated':
      return node.parts
    case 'array':
      return node.items
    case 'map':
      return node.entries.map((entry) => entry.value)
    case 'call':
      return node.args
    case 'chain':
      return [node.base, ...node.links.flatMap(linkChildren)]
    case 'unary':
      return [node.operand]
    case 'binary':
    case 'logical':
      return [node.left, node.right]
    case 'range':
      return [node.start, node.end]
    case 'closure':
      return [node.body]
    case 'statement':
      return [node.statement]
    default:
      return []
  }
}

/** Whether `test` holds for a node or anything in it; closures are looked into only on request. */
export function anyNode(root: Node, test: (node: Node) => boolean, intoClosures = false): boolean {
  const pending: Node[] = [root]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (test(node)) return true
    if (node.kind === 'closure' && !intoClosures) continue
    for (const child of childrenOf(node)) pending.push(child)
  }
  return false
}

/** The nodes and everything in them, closures included, in the order they are written. */
export function nodesOf(roots: readonly Node[]): Generator<Node> {
  return visit(roots, () => true)
}

/** The nodes and everything in them up to closures, which are themselves among the nodes. */
export function nodesOutsideClosures(roots: readonly Node[]): Generator<Node> {
  return visit(roots, (node) => node.kind !== 'closure')
}

function* visit(roots: readonly Node[], isOpen: (node: Node) => boolean): Generator<Node> {
  const pending = roots.toReversed()
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    yield node
    if (!isOpen(node)) continue
    const children = childrenOf(node)
    for (let index = children.length - 1; index >= 0; index -= 1) {
      pending.push(children[index] as Node)
    }
  }
}

/** What a script runs: its statements, and the bodies of its functions. */
export function rootsOf(script: Script): readonly Node[] {
  return [...script.statements, ...script.functions.map((definition) => definition.body)]
}

function linkChildren(link: ChainLink): readonly Expression[] {
  if (link.kind === 'index') return [link.index]
  return link.kind === 'method' ? link.args : []
}

function switchChildren(node: SwitchStatement): readonly Node[] {
  const cases = node.cases.flatMap((each) => [...present(each.guard), each.body])
  return [node.subject, ...cases, ...present(node.fallback)]
}

function present<T>(item: T | undefined): readonly T[] {
  return item === undefined ? [] : [item]
}
