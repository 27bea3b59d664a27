/**
 * Which app a host belongs to, over all apps of the installation.
 *
 * Two hash look-ups at most, with ten claims or a hundred thousand: the host itself, then what
 * follows its first label. An exact claim is met first, so it wins. Two claims of one shape cannot
 * be stored; should a snapshot show both for a moment, the first one given stays.
 * Immutable; built once per change and swapped whole.
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

  constructor(entries: Iterable<DomainEntry<App>>) {
    for (const entry of entries) {
      if (entry.pattern.kind === 'exact') putFirst(this.#exact, entry.pattern.host, entry)
      else putFirst(this.#free, entry.pattern.suffix, entry)
    }
  }

  /** @param host normalised */
  find(host: string): DomainEntry<App> | undefined {
    return this.#exact.get(host) ?? this.#findFree(host)
  }

  /** Every claim that fits, the one that wins first. */
  candidates(host: string): readonly DomainEntry<App>[] {
    return [this.#exact.get(host), this.#findFree(host)].filter((entry) => entry !== undefined)
  }

  #findFree(host: string): DomainEntry<App> | undefined {
    const dot = host.indexOf('.')
    return dot < 1 ? undefined : this.#free.get(host.slice(dot + 1))
  }
}

function putFirst<Entry>(map: Map<string, Entry>, key: string, entry: Entry): void {
  if (!map.has(key)) map.set(key, entry)
}
