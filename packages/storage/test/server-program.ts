/**
 * A program that starts the embedded server and holds it, to be killed by tests.
 *
 * Prints one line: the connection string, or the code and message of the error. Ends the server
 * and itself on SIGTERM. As root it can become another user first.
 *
 * @module
 */
import { PicloudError } from '@picloud/shared'
import { type ServerOptions, startServer } from '../src/embedded/embedded-server.ts'

interface Orders extends ServerOptions {
  readonly become?: number
}

const { become, ...options } = JSON.parse(process.argv[2] ?? '{}') as Orders
if (become !== undefined) {
  process.setgroups?.([])
  process.setgid?.(become)
  process.setuid?.(become)
}
// The terminal's Ctrl-C reaches this program too; it decides by itself when to end.
process.on('SIGINT', () => {})
try {
  const server = await startServer(options)
  process.stdout.write(`${server.connectionString}\n`)
  const alive = setInterval(() => {}, 60_000)
  process.once('SIGTERM', async () => {
    await server.stop()
    clearInterval(alive)
  })
} catch (error) {
  if (!(error instanceof PicloudError)) throw error
  process.stdout.write(`${error.code} ${error.message}\n`)
}
