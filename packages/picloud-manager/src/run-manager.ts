/**
 * The command `picloud-manager`: what it is called, says of itself and reads.
 *
 * @module
 */
import { type Environment, type RunningProgram, runProgram } from '@picloud/program'
import { MANAGER_SETTINGS } from './manager-settings.ts'
import { startManager } from './start-manager.ts'

const ABOUT = `The control plane of a PiCloud cluster: migrates the database, then serves the API, the
dashboard, /healthz, /readyz and /version until SIGTERM.`

/** Runs until it is told to stop; the result is the exit code. */
export function runManager(args: readonly string[], env: Environment): Promise<number> {
  return runProgram({
    name: 'picloud-manager',
    about: ABOUT,
    settings: MANAGER_SETTINGS,
    args,
    env,
    start: async (configuration, logger): Promise<RunningProgram> => {
      const { url, setupToken, stop } = await startManager(configuration, logger)
      if (setupToken === null) return { facts: { url }, stop }
      const link = `${url}/admin/setup#token=${setupToken}`
      return { facts: { url }, notice: `Set up PiCloud (works once): ${link}`, stop }
    },
  })
}
