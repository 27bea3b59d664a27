/**
 * `picloud deploy FOLDER`: makes an app what a folder says, in one step.
 *
 * The server is first asked what would change. Where something would be deleted a person, or
 * `--yes`, has to agree; and what is then done is exactly what was shown, or nothing.
 *
 * @module
 */
import type { ApiClient } from '@picloud/api-client'
import {
  type AppliedManifest,
  EXPORT_FORMAT,
  EXPORT_FORMAT_VERSION,
  type ManifestChange,
} from '@picloud/shared'
import { type AppFolder, MANIFEST_FILE, readAppFolder } from '../app-folder/app-folder.ts'
import { withFolderPlaces } from '../app-folder/folder-fault.ts'
import { ApiError } from '../client/api-error.ts'
import { APPLY_DEADLINE_MS } from '../client/limits.ts'
import { NotFoundError, UsageError } from '../errors.ts'
import { askYes, canAsk } from '../terminal/ask.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type CommandContext, connect, type ServerOptions } from './command-context.ts'
import { changeLine, isRemoval } from './manifest-changes.ts'

interface FolderOptions extends ServerOptions {
  readonly app?: string
  readonly create?: true
  readonly yes?: true
}

export async function deployFolder(
  context: CommandContext,
  path: string,
  options: FolderOptions,
): Promise<void> {
  const { terminal } = context
  const folder = await readAppFolder(path)
  const app = appOf(folder, options.app)
  const api = connect(context, options)
  const planned = await planOrCreate(api, { folder, app, options, terminal })
  if (planned === null) return
  const { changes } = planned
  if (changes.length === 0) {
    if (options.json) terminal.resultJson(planned)
    else terminal.progress(`The app ${app} is as ${folder.manifestPath} says.`)
    return
  }
  if (!options.json) showChanges(terminal, changes)
  if (options.yes !== true && changes.some(isRemoval)) {
    if (options.json) terminal.resultJson(planned)
    if (!(await mayRemove(changes))) {
      terminal.progress('Nothing was changed.')
      return
    }
  }
  const applied = await withFolderPlaces(folder, () =>
    api.call('applyManifest', {
      path: { app },
      body: folder.manifest,
      ifRevision: planned.previous_etag,
      deadlineMs: APPLY_DEADLINE_MS,
    }),
  )
  if (options.json) terminal.resultJson(applied)
  else terminal.progress(`Done: the app ${app} is as ${folder.manifestPath} says.`)
}

/** Slug or id. @throws UsageError when neither says it */
export function appOf(folder: AppFolder, flag: string | undefined): string {
  const app = flag ?? folder.app
  if (app !== undefined) return app
  throw new UsageError(`Say which app: app = "SLUG" in ${MANIFEST_FILE}, or --app.`)
}

/** What applying the folder would do. */
export function planOf(api: ApiClient, folder: AppFolder, app: string): Promise<AppliedManifest> {
  return withFolderPlaces(folder, () =>
    api.call('applyManifest', {
      path: { app },
      query: { dry_run: 'true' },
      body: folder.manifest,
      deadlineMs: APPLY_DEADLINE_MS,
    }),
  )
}

/** Null: there was no app, and it was made of the folder. */
async function planOrCreate(
  api: ApiClient,
  given: {
    readonly folder: AppFolder
    readonly app: string
    readonly options: FolderOptions
    readonly terminal: Terminal
  },
): Promise<AppliedManifest | null> {
  const { folder, app, options, terminal } = given
  try {
    return await planOf(api, folder, app)
  } catch (error) {
    const isMissing = error instanceof ApiError && error.code === 'PIC_APP_NOT_FOUND'
    if (!isMissing) throw error
    if (options.create !== true) throw new NotFoundError(`${error.message} --create makes it.`)
  }
  const file = {
    format: EXPORT_FORMAT,
    format_version: EXPORT_FORMAT_VERSION,
    exported_at: new Date().toISOString(),
    slug: app,
    manifest: folder.manifest,
  } as const
  const made = await withFolderPlaces(
    folder,
    () => api.call('importApp', { body: { file }, deadlineMs: APPLY_DEADLINE_MS }),
    '/file/manifest',
  )
  if (options.json) terminal.resultJson(made)
  else {
    showChanges(terminal, made.changes)
    terminal.progress(`Done: created the app ${made.app.slug}.`)
  }
  return null
}

function showChanges(terminal: Terminal, changes: readonly ManifestChange[]): void {
  for (const change of changes) {
    terminal.progress(changeLine(change, (style, text) => terminal.styleNote(style, text)))
  }
}

/** @throws UsageError where nobody can be asked */
async function mayRemove(changes: readonly ManifestChange[]): Promise<boolean> {
  const count = changes.filter(isRemoval).length
  const things = count === 1 ? 'One thing' : `${count} things`
  if (canAsk()) return askYes(`${things} will be deleted. Go on?`)
  throw new UsageError(`${things} would be deleted, so nothing was changed. --yes agrees to that.`)
}
