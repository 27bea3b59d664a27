/**
 * `npm start`: installs, builds, then runs `picloud start` in the foreground with the workspace's
 * own Node. Arguments after `--` are handed on.
 *
 * npm must reach this process with a signal, which is why the script is run with `exec`: a shell in
 * between would end alone. The server is a child so that it can run on another Node than this one. It is told to stop when
 * this process is; and should this process be killed outright, the closed channel tells it.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, nodePath, ROOT } from './workspace.mjs'

ensureInstalled()
ensureBuilt()

const server = spawn(
  nodePath(),
  [join(ROOT, 'packages/picloud/bin/picloud.mjs'), 'start', ...process.argv.slice(2)],
  { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => server.connected && server.send('stop', () => {}))
}
server.on('exit', (code, signal) => {
  if (signal !== null) process.stderr.write(`picloud: the server was ended by ${signal}\n`)
  process.exitCode = code ?? 1
})
