/**
 * `npm test`: makes the checkout ready (dependencies, build, a browser), then runs `npm run check`,
 * the one definition of green.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { ensureBrowser } from './browser.mjs'
import { ensureBuilt, ensureInstalled, note, ROOT, workspaceEnvironment } from './workspace.mjs'

ensureInstalled()
ensureBrowser()
ensureBuilt()

const started = Date.now()
const result = spawnSync('npm', ['run', '--silent', 'check'], {
  cwd: ROOT,
  env: workspaceEnvironment(),
  stdio: 'inherit',
})
note(
  `npm run check ${result.status === 0 ? 'is green' : 'failed'} ` +
    `after ${Math.round((Date.now() - started) / 1000)} s`,
)
process.exitCode = result.status ?? 1
