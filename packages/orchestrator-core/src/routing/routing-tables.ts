/**
 * The routing a node answers from.
 *
 * A reader sees the state before a change or after it, never one between: what is known of an app
 * is made first and never altered, then put into the three indexes in one turn, where nothing waits
 * and nothing fails. A change costs what the changed apps cost, however many others there are.
 * Reading never waits for anything, so routing goes on when the database is away.
 *
 * @module
 */
import {
  type AppId,
  type LimitPolicy,
  type Logger,
  type RoutedApp,
  type ScriptId,
  SILENT_LOGGER,
} from '@picloud/shared'
import { AppDomainTable } from './app-domain-table.ts'
import { type AppDomain, type AppRouting, appRoutingOf } from './app-routing.ts'
import { SharedPatterns } from './route-entry.ts'
import { DEFAULT_LIMIT_POLICY, type ScriptLimitsOf, scriptLimitsUnder } from './script-limits.ts'
import type { ScriptTarget } from './script-target.ts'

export class RoutingTables {
  readonly #logger: Logger
  readonly #limitsOf: ScriptLimitsOf
  readonly #apps = new Map<AppId, AppRouting>()
  readonly #domains = new AppDomainTable<AppRouting>()
  readonly #scripts = new Map<ScriptId, ScriptTarget>()
  /** Of apps whose scripts were looked up by name: most never are. */
  readonly #names = new WeakMap<AppRouting, ReadonlyMap<string, ScriptTarget>>()
  #loaded = false

  constructor(options: { readonly logger?: Logger; readonly policy?: LimitPolicy } = {}) {
    this.#logger = options.logger ?? SILENT_LOGGER
    this.#limitsOf = scriptLimitsUnder(options.policy ?? DEFAULT_LIMIT_POLICY)
  }

  /** False until the first snapshot: an unknown host may then only be one not known yet. */
  get loaded(): boolean {
    return this.#loaded
  }

  get appCount(): number {
    return this.#apps.size
  }

  /** The claim that wins for a normalised host, with its app. */
  findDomain(host: string): AppDomain | undefined {
    return this.#domains.find(host)
  }

  /** Every claim that fits a normalised host, the winner first. */
  domainCandidates(host: string): readonly AppDomain[] {
    return this.#domains.candidates(host)
  }

  findScript(id: ScriptId): ScriptTarget | undefined {
    return this.#scripts.get(id)
  }

  /** The active version of an app's script. */
  findScriptByName(appId: AppId, name: string): ScriptTarget | undefined {
    const app = this.#apps.get(appId)
    if (app === undefined) return undefined
    let names = this.#names.get(app)
    if (names === undefined) {
      names = new Map(Array.from(app.scripts.values(), (target) => [target.script.name, target]))
      this.#names.set(app, names)
    }
    return names.get(name)
  }

  replaceAll(apps: readonly RoutedApp[]): readonly ScriptTarget[] {
    return this.replaceApps(apps, [...this.#apps.keys()])
  }

  /** Returns the scripts that are new, other versions, or import such, none of the first snapshot. */
  replaceApps(apps: readonly RoutedApp[], removed: readonly AppId[]): readonly ScriptTarget[] {
    const means = {
      logger: this.#logger,
      limitsOf: this.#limitsOf,
      patterns: new SharedPatterns(),
    }
    const made = apps.map((app) => appRoutingOf(app, means))
    const fresh = this.#loaded ? made.flatMap((app) => this.#freshIn(app)) : []
    const replaced = [...removed, ...made.map(({ id }) => id)].map((id) => this.#apps.get(id))
    for (const id of removed) this.#apps.delete(id)
    for (const app of made) this.#learn(app)
    for (const app of new Set(replaced)) if (app !== undefined) this.#forgetRestOf(app)
    this.#loaded = true
    return fresh
  }

  #freshIn({ scripts }: AppRouting): readonly ScriptTarget[] {
    return [...scripts.values()].filter(({ script, imports }) => {
      const known = this.#scripts.get(script.id)
      return known?.script.versionId !== script.versionId || !areSame(known.imports, imports)
    })
  }

  #learn(app: AppRouting): void {
    this.#apps.set(app.id, app)
    for (const { domain, pattern } of app.domains) this.#domains.add({ domain, pattern, app })
    for (const [id, target] of app.scripts) this.#scripts.set(id, target)
  }

  /** What nothing newer has taken the place of. */
  #forgetRestOf(app: AppRouting): void {
    for (const { pattern } of app.domains) this.#domains.remove(pattern, app)
    for (const [id, target] of app.scripts) {
      if (this.#scripts.get(id) === target) this.#scripts.delete(id)
    }
  }
}

function areSame(known: ScriptTarget['imports'], imports: ScriptTarget['imports']): boolean {
  if (known === undefined || imports === undefined) return known === imports
  return (
    known.length === imports.length &&
    known.every(({ name, versionId }, at) => {
      return imports[at]?.name === name && imports[at]?.versionId === versionId
    })
  )
}
