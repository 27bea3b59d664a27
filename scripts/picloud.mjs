/**
 * `npm run picloud -- COMMAND`: the command line from a checkout, built first when needed.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, nodePath, ROOT } from './workspace.mjs'

ensureInstalled()
ensureBuilt()

const result = spawnSync(
  nodePath(),
  [join(ROOT, 'packages/picloud/bin/picloud.mjs'), ...process.argv.slice(2)],
  // npm runs scripts in the workspace's root; file names are meant from where the caller stands.
  { stdio: 'inherit', cwd: process.env.INIT_CWD ?? process.cwd() },
)
process.exitCode = result.status ?? 1
