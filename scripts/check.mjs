/**
 * `npm run check`: everything that must hold, the one definition of green.
 *
 * The checks that only read sources run beside each other, as many at a time as there are cores;
 * what each printed is shown when it has ended. The tests come after them and have the machine
 * to themselves, for some of them are about time.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { note, ROOT, workspaceEnvironment } from './workspace.mjs'

/** The longest first. */
const SOURCE_CHECKS = ['types', 'dashboard', 'unused', 'generated', 'imports', 'format']

const waiting = [...SOURCE_CHECKS]
const failed = []
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      if (!(await passes(name, 'pipe'))) failed.push(name)
    }
  }),
)
if (failed.length === 0 && !(await passes('tests', 'inherit'))) failed.push('tests')
if (failed.length > 0) {
  note(`failed: ${failed.map((name) => `npm run check:${name}`).join(', ')}`)
  process.exitCode = 1
}

/** Runs one check; what it writes goes out at once (`inherit`) or whole when it has ended. */
function passes(name, output) {
  const startedAt = performance.now()
  const child = spawn('npm', ['run', '--silent', `check:${name}`], {
    cwd: ROOT,
    env: workspaceEnvironment(),
    stdio: ['inherit', output, output],
  })
  const chunks = []
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => chunks.push(chunk))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      process.stderr.write(Buffer.concat(chunks))
      const seconds = Math.round((performance.now() - startedAt) / 1000)
      note(`check:${name} ${code === 0 ? 'passed' : 'failed'} after ${seconds} s`)
      resolve(code === 0)
    })
  })
}
