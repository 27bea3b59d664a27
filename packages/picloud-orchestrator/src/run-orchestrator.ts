/**
 * The command `picloud-orchestrator`: what it is called, says of itself and reads.
 *
 * @module
 */
import { type Environment, type RunningProgram, runProgram } from '@picloud/program'
import { ORCHESTRATOR_SETTINGS } from './orchestrator-settings.ts'
import { startOrchestrator } from './start-orchestrator.ts'

const ABOUT = `The event ingress of one node of a PiCloud cluster: takes HTTP requests to the apps, runs
their scripts in the node's picloud-executor, and records what ran, until SIGTERM.
On admin hosts it answers /healthz, /readyz, /metrics and /version for this node.`

/** Runs until it is told to stop; the result is the exit code. */
export function runOrchestrator(args: readonly string[], env: Environment): Promise<number> {
  return runProgram({
    name: 'picloud-orchestrator',
    about: ABOUT,
    settings: ORCHESTRATOR_SETTINGS,
    args,
    env,
    start: async (configuration, logger): Promise<RunningProgram> => {
      const { url, stop } = await startOrchestrator(configuration, logger)
      return { facts: { url }, stop }
    },
  })
}
