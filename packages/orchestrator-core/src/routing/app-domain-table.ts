/**
 * Which app a host belongs to, over all apps of the installation.
 *
 * Two hash look-ups at most, with ten claims or a hundred thousand: the host itself, then what
 * follows its first label. An exact claim is met first, so it wins. Two claims of one shape cannot
 * be stored. A node that has not yet heard that one app released what another claims now may hold
 * both for a moment: the one it was told of later counts, and the other leaves without a trace.
 *
 * @module
 */
import type { HostPattern, RoutedDomain } from '@picloud/shared'

export interface DomainEntry<App> {
  readonly domain: RoutedDomain
  readonly pattern: HostPattern
  readonly app: App
}

export class AppDomainTable<App> {
  readonly #exact = new Map<string, DomainEntry<App>>()
  readonly #free = new Map<string, DomainEntry<App>>()

  constructor(entries: Iterable<DomainEntry<App>> = []) {
    for (const entry of entries) this.add(entry)
  }

  add(entry: DomainEntry<App>): void {
    const { map, key } = this.#placeOf(entry.pattern)
    map.set(key, entry)
  }

  /** Removes what an app claimed with a pattern, unless another app has that shape by now. */
  remove(pattern: HostPattern, app: App): void {
    const { map, key } = this.#placeOf(pattern)
    if (map.get(key)?.app === app) map.delete(key)
  }

  /** @param host normalised */
  find(host: string): DomainEntry<App> | undefined {
    return this.#exact.get(host) ?? this.#findFree(host)
  }

  /** Every claim that fits, the one that wins first. */
  candidates(host: string): readonly DomainEntry<App>[] {
    return [this.#exact.get(host), this.#findFree(host)].filter((entry) => entry !== undefined)
  }

  #placeOf(pattern: HostPattern) {
    return pattern.kind === 'exact'
      ? { map: this.#exact, key: pattern.host }
      : { map: this.#free, key: pattern.suffix }
  }

  #findFree(host: string): DomainEntry<App> | undefined {
    const dot = host.indexOf('.')
    return dot < 1 ? undefined : this.#free.get(host.slice(dot + 1))
  }
}
