/**
 * `picloud start` as a foreground program: start, say where everything is, wait, stop.
 *
 * People read standard output; the log goes to standard error as one JSON object a line.
 *
 * @module
 */
import { leaveParent, programLog, stopRequested } from '@picloud/program'
import type { HostService } from '@picloud/shared'
import { EXIT } from '../exit-code.ts'
import { banner } from './banner.ts'
import { start } from './start.ts'
import type { StartConfiguration } from './start-settings.ts'

/** Runs until it is told to stop; the exit code. @throws PicloudError when it cannot start. */
export async function runStart(
  configuration: StartConfiguration,
  services: readonly HostService[] = [],
): Promise<number> {
  const logger = programLog(configuration.logLevel)
  const stopping = stopRequested()
  const running = await start(configuration, logger, services)
  process.stdout.write(banner(running.facts))
  const reason = await stopping
  logger.debug({ reason }, 'stopping')
  process.stdout.write('Stopping.\n')
  await running.stop()
  leaveParent()
  return EXIT.ok
}
