/**
 * `npm test`: makes the checkout ready (dependencies, build, a browser), then runs `npm run check`,
 * the one definition of green.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBrowser } from './browser.mjs'
import { ensureBuilt, ensureInstalled, note, ROOT, workspaceEnvironment } from './workspace.mjs'

ensureInstalled()
ensureBrowser()
ensureBuilt()

const REPORT = join(ROOT, 'node_modules/.cache/picloud/test-report.json')

const started = Date.now()
rmSync(REPORT, { force: true })
const result = spawnSync('npm', ['run', '--silent', 'check'], {
  cwd: ROOT,
  env: workspaceEnvironment(),
  stdio: 'inherit',
})
note(
  `npm run check ${result.status === 0 ? 'is green' : 'failed'} ` +
    `after ${Math.round((Date.now() - started) / 1000)} s`,
)
const counts = countTests()
if (counts !== null) process.stdout.write(`${counts}\n`)
process.exitCode = result.status ?? 1

/** The run in one line; null when it did not come as far as the tests. */
function countTests() {
  try {
    const report = JSON.parse(readFileSync(REPORT, 'utf8'))
    const { numPassedTests, numFailedTests, numPendingTests } = report
    return `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`
  } catch {
    return null
  }
}
