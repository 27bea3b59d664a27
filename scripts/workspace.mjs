/**
 * Makes a checkout ready to run: dependencies installed, everything built.
 *
 * Plain JavaScript that any Node from 20 on understands, because it runs before the Node 24 that
 * the workspace brings along is there. Both steps cost a few milliseconds when nothing changed.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

const BIN = join(ROOT, 'node_modules', '.bin')
const BUILD_STAMP = join(ROOT, 'node_modules', '.cache', 'picloud', 'build')
const NODE_MAJOR = 24

/** The environment in which the workspace's own Node and tools come first. */
export function workspaceEnvironment() {
  return { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}` }
}

/** The Node that runs PiCloud: the one the workspace brought along, else this one if it will do. */
export function nodePath() {
  const bundled = join(BIN, 'node')
  if (existsSync(bundled)) return bundled
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath
  fail(
    `PiCloud needs Node ${NODE_MAJOR}. No packaged Node exists for ${process.platform}-${process.arch}: ` +
      `install Node ${NODE_MAJOR} (this is ${process.version}).`,
  )
}

/** Installs dependencies when `package-lock.json` is newer than what is installed. */
export function ensureInstalled() {
  const lock = join(ROOT, 'package-lock.json')
  const installed = join(ROOT, 'node_modules', '.package-lock.json')
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return
  note('Installing dependencies (first run only, about half a minute)')
  // Old Nodes make npm warn about engines of packages that only the bundled Node 24 ever runs.
  run('npm', ['ci', '--include=dev', '--include=optional', '--loglevel=error'])
}

/** Builds when any source differs from what was built last. */
export function ensureBuilt() {
  const digest = sourceDigest()
  if (existsSync(BUILD_STAMP) && readFileSync(BUILD_STAMP, 'utf8') === digest) return
  note('Building')
  run('npm', ['run', '--silent', 'build'])
  mkdirSync(join(BUILD_STAMP, '..'), { recursive: true })
  writeFileSync(BUILD_STAMP, digest)
}

/** Runs a command in the workspace; its failure is this program's. */
export function run(command, args) {
  const result = spawnSync(command, args, {
    cwd: ROOT,
    env: workspaceEnvironment(),
    stdio: ['ignore', 2, 2],
  })
  if (result.error !== undefined) fail(`${command}: ${result.error.message}`)
  if (result.status !== 0) {
    note(`"${[command, ...args].join(' ')}" failed`)
    process.exit(result.status ?? 1)
  }
}

export function note(message) {
  process.stderr.write(`picloud: ${message}\n`)
}

function fail(message) {
  note(message)
  process.exit(1)
}

/** Path, size and time of every file that a build reads, and of every output's root. */
function sourceDigest() {
  const hash = createHash('sha256')
  for (const file of [
    'package-lock.json',
    'tsconfig.base.json',
    'tsconfig.build.json',
    ...packageFolders().flatMap((folder) => [
      `${folder}/package.json`,
      `${folder}/tsconfig.json`,
      ...walk(`${folder}/src`),
    ]),
    ...walk('dashboard/src'),
    ...walk('dashboard/static'),
    'dashboard/package.json',
    'dashboard/vite.config.ts',
  ]) {
    const path = join(ROOT, file)
    if (!existsSync(path)) continue
    const { size, mtimeMs } = statSync(path)
    hash.update(`${file}\0${size}\0${mtimeMs}\n`)
  }
  for (const output of [...packageFolders().map((folder) => `${folder}/dist`), 'dashboard/build']) {
    hash.update(`${output}\0${existsSync(join(ROOT, output))}\n`)
  }
  return hash.digest('hex')
}

function packageFolders() {
  return readdirSync(join(ROOT, 'packages'))
    .sort()
    .map((name) => `packages/${name}`)
}

function walk(folder) {
  const path = join(ROOT, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(ROOT.length))
    .sort()
}
