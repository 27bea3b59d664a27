/**
 * The browser tests need Debian's Chromium. Where it is missing and this is root on a Debian
 * system, as on a fresh CI machine, it is installed; elsewhere the command to run is named.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { note, run } from './workspace.mjs'

export const CHROMIUM = '/usr/bin/chromium'

export function ensureBrowser() {
  if (existsSync(process.env.PICLOUD_TEST_CHROMIUM ?? CHROMIUM)) return
  const debian = spawnSync('apt-get', ['--version']).status === 0
  if (!debian || process.getuid?.() !== 0) {
    note(
      'The browser tests need Chromium: run "sudo apt-get install chromium", ' +
        'or set PICLOUD_TEST_CHROMIUM to the path of one.',
    )
    process.exit(1)
  }
  note('Installing chromium for the browser tests (first run only)')
  run('apt-get', ['-qq', 'update'])
  run('env', [
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-qq',
    '--no-install-recommends',
    'install',
    '--yes',
    'chromium',
  ])
}
