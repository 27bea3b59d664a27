/**
 * The routing a node answers from, swapped whole whenever something changed.
 *
 * A reader sees the state before a change or after it, never one between: the three indexes are
 * one value behind one reference. Reading never waits for anything, so routing goes on when the
 * database is away.
 *
 * @module
 */
import {
  type AppId,
  type Logger,
  type RoutedApp,
  type ScriptId,
  SILENT_LOGGER,
} from '@picloud/shared'
import { AppDomainTable } from './app-domain-table.ts'
import { type AppDomain, type AppRouting, appRoutingOf } from './app-routing.ts'
import type { ScriptTarget } from './script-target.ts'

interface State {
  readonly apps: ReadonlyMap<AppId, AppRouting>
  readonly domains: AppDomainTable<AppRouting>
  readonly scripts: ReadonlyMap<ScriptId, ScriptTarget>
}

export class RoutingTables {
  readonly #logger: Logger
  #state: State = { apps: new Map(), domains: new AppDomainTable([]), scripts: new Map() }
  #loaded = false

  constructor(options: { readonly logger?: Logger } = {}) {
    this.#logger = options.logger ?? SILENT_LOGGER
  }

  /** False until the first snapshot: an unknown host may then only be one not known yet. */
  get loaded(): boolean {
    return this.#loaded
  }

  get appCount(): number {
    return this.#state.apps.size
  }

  /** The claim that wins for a normalised host, with its app. */
  findDomain(host: string): AppDomain | undefined {
    return this.#state.domains.find(host)
  }

  /** Every claim that fits a normalised host, the winner first. */
  domainCandidates(host: string): readonly AppDomain[] {
    return this.#state.domains.candidates(host)
  }

  findScript(id: ScriptId): ScriptTarget | undefined {
    return this.#state.scripts.get(id)
  }

  replaceAll(apps: readonly RoutedApp[]): void {
    this.#swap(new Map(apps.map((app) => [app.id, appRoutingOf(app, this.#logger)])))
  }

  replaceApps(apps: readonly RoutedApp[], removed: readonly AppId[]): void {
    const next = new Map(this.#state.apps)
    for (const id of removed) next.delete(id)
    for (const app of apps) next.set(app.id, appRoutingOf(app, this.#logger))
    this.#swap(next)
  }

  #swap(apps: ReadonlyMap<AppId, AppRouting>): void {
    const scripts = new Map<ScriptId, ScriptTarget>()
    const claims: AppDomain[] = []
    for (const app of apps.values()) {
      for (const [id, target] of app.scripts) scripts.set(id, target)
      for (const { domain, pattern } of app.domains) claims.push({ domain, pattern, app })
    }
    this.#state = { apps, domains: new AppDomainTable(claims), scripts }
    this.#loaded = true
  }
}
