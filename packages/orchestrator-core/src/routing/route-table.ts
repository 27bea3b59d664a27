/**
 * One app's routes, ready to be asked which script answers a request.
 *
 * The order of choice is host, then path, then method: a route for this very host beats one for
 * `*.` of it, which beats one for any host; then the more specific path; then a named method before
 * `*`. A route whose method does not fit is passed over, so a less specific one may still answer;
 * only when none fits do the methods that would make a 405. A hole is found like any route; what it
 * takes is as if there were nothing.
 * Immutable; built whenever the app changes. Knows nothing of HTTP messages.
 *
 * @module
 */
import { allowedMethods, compareRoutes, type HostPattern, splitPath } from '@picloud/shared'
import { PathTrie, type RouteLeaf } from './path-trie.ts'
import { isHole, type RouteEntry } from './route-entry.ts'

export type RouteMatch =
  | {
      readonly kind: 'route'
      readonly entry: RouteEntry
      /** Decoded segments of the path; null where the pattern captures nothing of it. */
      readonly segments: readonly string[] | null
    }
  | { readonly kind: 'method-not-allowed'; readonly allow: readonly string[] }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'path-malformed' }

const NOT_FOUND: RouteMatch = { kind: 'not-found' }
const PATH_MALFORMED: RouteMatch = { kind: 'path-malformed' }

export class RouteTable {
  readonly #exactHosts = new Map<string, PathTrie>()
  readonly #freeHosts = new Map<string, PathTrie>()
  readonly #anyHost = new PathTrie()

  constructor(entries: Iterable<RouteEntry>) {
    for (const entry of entries) this.#trieOf(entry.hostPattern).add(entry)
  }

  /**
   * @param host normalised
   * @param path percent-encoded, as the client sent it
   */
  match(method: string, host: string, path: string): RouteMatch {
    const exact = this.#exactTrieFor(host)
    const free = this.#freeTrieFor(host)
    const fixed = (exact ?? free ?? this.#anyHost).findFixed(path, method)
    if (fixed !== undefined) return { kind: 'route', entry: fixed, segments: null }
    const segments = splitPath(path)
    if (segments === null) return PATH_MALFORMED
    const entry =
      exact?.find(segments, method) ??
      free?.find(segments, method) ??
      this.#anyHost.find(segments, method)
    if (entry !== undefined) return { kind: 'route', entry, segments }
    const fitting = this.#leavesOf(host, segments).flatMap((leaf) => leaf.entries())
    const allow = fitting.length === 0 ? [] : allowedMethods(fitting, isHole)
    return allow.length === 0 ? NOT_FOUND : { kind: 'method-not-allowed', allow }
  }

  /** Every route whose host and path fit, whatever the method; the most specific first. */
  candidates(host: string, path: string): readonly RouteEntry[] {
    const segments = splitPath(path)
    if (segments === null) return []
    return this.#leavesOf(host, segments)
      .flatMap((leaf) => leaf.entries())
      .toSorted(compareRoutes)
  }

  #leavesOf(host: string, segments: readonly string[]): RouteLeaf[] {
    const leaves: RouteLeaf[] = []
    this.#exactTrieFor(host)?.collect(segments, leaves)
    this.#freeTrieFor(host)?.collect(segments, leaves)
    this.#anyHost.collect(segments, leaves)
    return leaves
  }

  #exactTrieFor(host: string): PathTrie | undefined {
    return this.#exactHosts.size === 0 ? undefined : this.#exactHosts.get(host)
  }

  #freeTrieFor(host: string): PathTrie | undefined {
    if (this.#freeHosts.size === 0) return undefined
    const dot = host.indexOf('.')
    return dot < 1 ? undefined : this.#freeHosts.get(host.slice(dot + 1))
  }

  #trieOf(pattern: HostPattern | null): PathTrie {
    if (pattern === null) return this.#anyHost
    const tries = pattern.kind === 'exact' ? this.#exactHosts : this.#freeHosts
    const key = pattern.kind === 'exact' ? pattern.host : pattern.suffix
    const known = tries.get(key)
    if (known !== undefined) return known
    const made = new PathTrie()
    tries.set(key, made)
    return made
  }
}
