/**
 * The paths of one app under one host pattern, segment by segment.
 *
 * A walk goes literal, `:param`, `*rest` at each node and goes back when a branch ends, so the
 * first route found is the most specific whose method fits. A node is visited at most once per
 * look-up: the cost is bounded by the app's own routes. Paths without captures are found in one
 * hash look-up first, without splitting.
 *
 * @module
 */
import type { RouteEntry } from './route-entry.ts'

/** The routes of one path shape: at most one of each method, so a short list. */
export class RouteLeaf {
  readonly #entries: RouteEntry[] = []

  /** The first of two for one method stays: creation refuses the second. */
  add(entry: RouteEntry): void {
    if (this.#of(entry.method) === undefined) this.#entries.push(entry)
  }

  find(method: string): RouteEntry | undefined {
    // RFC 9110 section 9.3.2: HEAD is GET without the content.
    const named = this.#of(method) ?? (method === 'HEAD' ? this.#of('GET') : undefined)
    return named ?? this.#of('*')
  }

  /** Named methods first. */
  entries(): RouteEntry[] {
    return this.#entries.toSorted((a, b) => Number(a.method === '*') - Number(b.method === '*'))
  }

  #of(method: string): RouteEntry | undefined {
    for (const entry of this.#entries) if (entry.method === method) return entry
    return undefined
  }
}

class TrieNode {
  /** Most nodes have none, and there are many nodes. */
  literals: Map<string, TrieNode> | undefined
  param: TrieNode | undefined
  rest: RouteLeaf | undefined
  leaf: RouteLeaf | undefined
}

export class PathTrie {
  readonly #root = new TrieNode()
  readonly #fixed = new Map<string, RouteLeaf>()

  add(entry: RouteEntry): void {
    let node = this.#root
    let captures = false
    for (const segment of entry.pathPattern.segments) {
      captures ||= segment.kind !== 'literal'
      if (segment.kind === 'rest') {
        node.rest ??= new RouteLeaf()
        node.rest.add(entry)
        return
      }
      node = segment.kind === 'param' ? paramChild(node) : literalChild(node, segment.text)
    }
    node.leaf ??= new RouteLeaf()
    node.leaf.add(entry)
    if (!captures) this.#fixed.set(entry.pathPattern.text, node.leaf)
  }

  /** A route without captures for exactly this text: nothing can be more specific. */
  findFixed(path: string, method: string): RouteEntry | undefined {
    return this.#fixed.get(path)?.find(method)
  }

  find(segments: readonly string[], method: string): RouteEntry | undefined {
    return findBelow(this.#root, segments, 0, method)
  }

  /** Adds every leaf whose shape fits. */
  collect(segments: readonly string[], leaves: RouteLeaf[]): void {
    collectBelow(this.#root, segments, 0, leaves)
  }
}

/** Recursion is as deep as the longest pattern, which has a limit. */
function findBelow(
  node: TrieNode,
  segments: readonly string[],
  index: number,
  method: string,
): RouteEntry | undefined {
  const segment = segments[index]
  if (segment === undefined) return node.leaf?.find(method)
  const literal = node.literals?.get(segment)
  const below = literal === undefined ? undefined : findBelow(literal, segments, index + 1, method)
  if (below !== undefined) return below
  const captured =
    node.param === undefined || segment === ''
      ? undefined
      : findBelow(node.param, segments, index + 1, method)
  return captured ?? node.rest?.find(method)
}

function collectBelow(
  node: TrieNode,
  segments: readonly string[],
  index: number,
  leaves: RouteLeaf[],
): void {
  const segment = segments[index]
  if (segment === undefined) {
    if (node.leaf !== undefined) leaves.push(node.leaf)
    return
  }
  const literal = node.literals?.get(segment)
  if (literal !== undefined) collectBelow(literal, segments, index + 1, leaves)
  if (node.param !== undefined && segment !== '') {
    collectBelow(node.param, segments, index + 1, leaves)
  }
  if (node.rest !== undefined) leaves.push(node.rest)
}

function paramChild(node: TrieNode): TrieNode {
  node.param ??= new TrieNode()
  return node.param
}

function literalChild(node: TrieNode, text: string): TrieNode {
  node.literals ??= new Map()
  const known = node.literals.get(text)
  if (known !== undefined) return known
  const made = new TrieNode()
  node.literals.set(text, made)
  return made
}
