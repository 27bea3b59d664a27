/**
 * Entry of the program `picloud`. The process ends by itself once nothing is left to do.
 *
 * @module
 */
import process from 'node:process'
import { runCommandLine } from './cli.ts'

/** A reader that went away (`picloud logs | head`) wants no more: that is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

process.exitCode = await runCommandLine({
  args: process.argv.slice(2),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
})
