/**
 * PiCloud whose scripts can call the test service, `test::sleep(200)`; otherwise `picloud`.
 *
 * @module
 */
import process from 'node:process'
import { createTestService } from '@picloud/executor-core/test-service'
import { runCommandLine } from 'picloud'

process.exitCode = await runCommandLine({
  args: process.argv.slice(2),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  services: [createTestService()],
})
