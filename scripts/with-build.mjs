/**
 * Runs a TypeScript program of the workspace against a fresh build: `with-build.mjs FILE [ARGS]`.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { ensureBuilt, ensureInstalled, nodePath, workspaceEnvironment } from './workspace.mjs'

ensureInstalled()
ensureBuilt()

const result = spawnSync(nodePath(), process.argv.slice(2), {
  stdio: 'inherit',
  env: workspaceEnvironment(),
})
process.exitCode = result.status ?? 1
