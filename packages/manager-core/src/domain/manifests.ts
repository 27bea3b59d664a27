/**
 * Apps as one document: read as they are, made what a document says, taken elsewhere in a file.
 *
 * A manifest is applied in one transaction or not at all, and what it changes is what the audit log
 * was told, so the two cannot differ. A dry run is that transaction, undone. Knows nothing of HTTP.
 *
 * @module
 */
import {
  type AppExport,
  type Ceilings,
  DEFAULT_APP_SETTINGS,
  EXPORT_FORMAT,
  EXPORT_FORMAT_VERSION,
  type ImportApp,
  type Manifest,
  type ManifestChange,
  type WrittenManifest,
} from '@picloud/shared'
import type { AppRow, Database } from '@picloud/storage'
import { ManifestStaleError } from '../errors/manifest.ts'
import { createApp, findApp } from './apps.ts'
import type { Author } from './author.ts'
import type { SourceLimits } from './compile-check.ts'
import type { Change, ControlTransaction, ControlWrites } from './control-writes.ts'
import { changedSettings } from './limit-rules.ts'
import { type AppState, manifestOf, readState, tagOf } from './manifest/app-state.ts'
import { applyManifest } from './manifest/apply-manifest.ts'
import { atPlace } from './manifest/error-place.ts'
import { readManifest, type WantedManifest } from './manifest/read-manifest.ts'
import { shownChanges } from './manifest/shown-changes.ts'
import { allows, type Precondition } from './precondition.ts'

/** Where the manifest stands in what is sent to import an app. */
const IN_IMPORT = '/file/manifest'

/** What applying a manifest came to, or would. */
export interface Applied {
  readonly previousTag: string
  readonly tag: string
  readonly changes: readonly ManifestChange[]
}

interface Outcome {
  readonly before: AppState
  readonly after: AppState
  readonly changes: readonly Change[]
}

export interface ManifestsOptions {
  readonly database: Database
  readonly writes: ControlWrites
  readonly limits: SourceLimits
  readonly ceilings: Ceilings
  /** The one the operator named, normalised. */
  readonly adminHost: string | null
}

export class Manifests {
  readonly #options: ManifestsOptions

  constructor(options: ManifestsOptions) {
    this.#options = options
  }

  async get(reference: string): Promise<Manifest> {
    return (await this.#read(reference)).manifest
  }

  /** Without secrets, records and former versions. */
  async export(reference: string): Promise<AppExport> {
    const { app, manifest } = await this.#read(reference)
    return {
      format: EXPORT_FORMAT,
      format_version: EXPORT_FORMAT_VERSION,
      exported_at: new Date().toISOString(),
      slug: app.slug,
      manifest,
    }
  }

  /** Makes the app what the manifest says; where it is that already, nothing is written. */
  apply(
    by: Author,
    reference: string,
    written: WrittenManifest,
    precondition: Precondition,
  ): Promise<Applied> {
    const given = { by, reference, written, precondition }
    return this.#apply(given, ({ changes }) => changes.length > 0)
  }

  /** Tells what {@link apply} would do, and fails as it would. */
  rehearse(
    by: Author,
    reference: string,
    written: WrittenManifest,
    precondition: Precondition,
  ): Promise<Applied> {
    return this.#apply({ by, reference, written, precondition }, () => false)
  }

  /** Makes a new app of a file, whole or not at all. */
  async import(by: Author, request: ImportApp): Promise<Applied & { readonly app: AppRow }> {
    const { file, force = false, slug = file.slug } = request
    const manifest = request.without_domains ? withoutDomains(file.manifest) : file.manifest
    const { limits, ceilings } = this.#options
    const wanted = await readManifest(by, manifest, { limits, base: IN_IMPORT })
    await atPlace(IN_IMPORT, async () =>
      changedSettings(DEFAULT_APP_SETTINGS, wanted.settings, ceilings),
    )
    const outcome = await this.#options.writes.run(by, async (plain) => {
      const { tx, changes } = noting(plain)
      const { name, settings } = wanted
      const app = await createApp(tx, { slug, name, settings, force }, ceilings)
      const before = { app, domains: [], scripts: [], routes: [] }
      const after = await this.#make(tx, { by, before, wanted })
      return { before, after, changes }
    })
    return { ...(await appliedOf(outcome)), app: outcome.after.app }
  }

  async #read(reference: string): Promise<{ readonly app: AppRow; readonly manifest: Manifest }> {
    const { id } = await findApp(this.#options.database, reference)
    return this.#options.database.read(async (tx) => {
      const app = (await tx.apps.find(id)) ?? (await findApp(this.#options.database, reference))
      return { app, manifest: manifestOf(await readState(tx, app)) }
    })
  }

  async #apply(
    given: {
      readonly by: Author
      readonly reference: string
      readonly written: WrittenManifest
      readonly precondition: Precondition
    },
    isKept: (outcome: Outcome) => boolean,
  ): Promise<Applied> {
    const { by, reference, written, precondition } = given
    const { database, writes, limits } = this.#options
    await findApp(database, reference)
    const wanted = await readManifest(by, written, { limits, base: '' })
    const work = async (plain: ControlTransaction): Promise<Outcome> => {
      const { tx, changes } = noting(plain)
      const before = await readState(tx, await findApp(tx, reference))
      const tag = tagOf(manifestOf(before))
      if (!allows(precondition, tag)) throw new ManifestStaleError(tag)
      return { before, after: await this.#make(tx, { by, before, wanted }), changes }
    }
    return appliedOf(await writes.runIf(by, work, isKept))
  }

  async #make(
    tx: ControlTransaction,
    given: {
      readonly by: Author
      readonly before: AppState
      readonly wanted: WantedManifest
    },
  ): Promise<AppState> {
    const { by, before, wanted } = given
    const { adminHost, ceilings, limits } = this.#options
    await applyManifest(tx, { by, state: before, wanted, adminHost, ceilings, limits })
    return readState(tx, await findApp(tx, before.app.id))
  }
}

/** A transaction that also keeps what is recorded. */
function noting(plain: ControlTransaction): {
  readonly tx: ControlTransaction
  readonly changes: readonly Change[]
} {
  const changes: Change[] = []
  const record = (...more: readonly Change[]): void => {
    changes.push(...more)
    plain.record(...more)
  }
  // There may be nothing to change, which is no mistake.
  record()
  return { tx: { ...plain, record }, changes }
}

async function appliedOf({ before, after, changes }: Outcome): Promise<Applied> {
  return {
    previousTag: tagOf(manifestOf(before)),
    tag: tagOf(manifestOf(after)),
    changes: await shownChanges(changes, before, after),
  }
}

/** A route on hosts of its own would answer nowhere, so it waits for its claim switched off. */
function withoutDomains(manifest: WrittenManifest): WrittenManifest {
  const routes = manifest.routes.map((route) =>
    (route.host_pattern ?? null) === null ? route : { ...route, enabled: false },
  )
  return { ...manifest, domains: [], routes }
}
