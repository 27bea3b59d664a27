/**
 * A folder that says what an app is: `picloud.toml`, and a file `NAME.rhai` for each script.
 *
 * Folders inside it are not looked into: a script's name has no slash.
 *
 * @module
 */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { DEFAULT_APP_SETTINGS, type Manifest, type WrittenManifest } from '@picloud/shared'
import { readScriptFile, type ScriptFile, scriptNameOf } from '../commands/script-file.ts'
import { ConflictError, UsageError } from '../errors.ts'
import { type ManifestFile, manifestFileText, parseManifestFile } from './manifest-file.ts'

export const MANIFEST_FILE = 'picloud.toml'
const SCRIPT_FILE = /\.rhai$/

export interface AppFolder {
  readonly manifestPath: string
  /** As the file says; slug or id. */
  readonly app: string | undefined
  readonly manifest: WrittenManifest
  /** Of each script of the manifest, in its order. */
  readonly files: readonly ScriptFile[]
}

export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    // Whoever reads it says what is wrong with it.
    return false
  }
}

/** @throws UsageError naming file and place */
export async function readAppFolder(path: string): Promise<AppFolder> {
  const names = await namesIn(path)
  const manifestPath = join(path, MANIFEST_FILE)
  if (!names.includes(MANIFEST_FILE)) {
    throw new UsageError(
      `${path} has no ${MANIFEST_FILE}, which says what the app is. ` +
        'picloud pull APP FOLDER writes one.',
    )
  }
  const { source } = await readScriptFile(manifestPath)
  const { app, manifest } = parseManifestFile(manifestPath, source)
  const scriptNames = names.filter((name) => SCRIPT_FILE.test(name)).toSorted()
  const files = await Promise.all(scriptNames.map((name) => readScriptFile(join(path, name))))
  const scripts = files.map((file) => ({ name: scriptNameOf(file.path), source: file.source }))
  return { manifestPath, app, manifest: { ...manifest, scripts }, files }
}

export interface PulledApp {
  readonly slug: string
  readonly manifest: Manifest
}

/** Writes what {@link readAppFolder} reads. @throws ConflictError where an app is there already */
export async function writeAppFolder(path: string, app: PulledApp): Promise<void> {
  if (await isFolder(path)) {
    const [held] = (await namesIn(path)).filter(isOfApp)
    if (held !== undefined) {
      throw new ConflictError(
        `${join(path, held)} is there already. Nothing was written. --force replaces the app in it.`,
      )
    }
  }
  await writeFiles(path, app)
}

/** The same; scripts that the app does not have are deleted. Other files stay. */
export async function replaceAppFolder(path: string, app: PulledApp): Promise<void> {
  const names = (await isFolder(path)) ? await namesIn(path) : []
  const wanted = new Set(app.manifest.scripts.map(({ name }) => `${name}.rhai`))
  for (const name of names) {
    if (SCRIPT_FILE.test(name) && !wanted.has(name)) await rm(join(path, name))
  }
  await writeFiles(path, app)
}

async function writeFiles(path: string, { slug, manifest }: PulledApp): Promise<void> {
  await mkdir(path, { recursive: true })
  for (const { name, source } of manifest.scripts) {
    await writeFile(join(path, `${name}.rhai`), source)
  }
  await writeFile(join(path, MANIFEST_FILE), manifestFileText(fileOf(slug, manifest)))
}

async function namesIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true })
  return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
}

function isOfApp(name: string): boolean {
  return name === MANIFEST_FILE || SCRIPT_FILE.test(name)
}

/** Without what is the default anyway. */
function fileOf(slug: string, { name, settings, domains, routes }: Manifest): ManifestFile {
  const defaults: Readonly<Record<string, unknown>> = DEFAULT_APP_SETTINGS
  const set = Object.entries(settings).filter(
    ([key, value]) => !isDeepStrictEqual(value, defaults[key]),
  )
  return {
    app: slug,
    ...(name === slug ? {} : { name }),
    ...(domains.length === 0 ? {} : { domains }),
    ...(set.length === 0 ? {} : { settings: Object.fromEntries(set) }),
    ...(routes.length === 0 ? {} : { routes: routes.map(routeOf) }),
  }
}

function routeOf(route: Manifest['routes'][number]): NonNullable<ManifestFile['routes']>[number] {
  return {
    path: route.path_pattern,
    ...(route.script === null ? { hole: true } : { script: route.script }),
    ...(route.method === '*' ? {} : { method: route.method }),
    ...(route.host_pattern === null ? {} : { host: route.host_pattern }),
    ...(route.enabled ? {} : { enabled: false }),
    ...(route.idempotency === null ? {} : { idempotency: route.idempotency }),
  }
}
