/**
 * The command `picloud-executor`: what it is called, says of itself and reads.
 *
 * @module
 */
import { type Environment, type RunningProgram, runProgram } from '@picloud/program'
import { EXECUTOR_SETTINGS } from './executor-settings.ts'
import { serve } from './serve.ts'

const ABOUT = 'Runs scripts for the orchestrator of this node, in sandbox processes, until SIGTERM.'

/** Runs until it is told to stop; the result is the exit code. */
export function runExecutor(args: readonly string[], env: Environment): Promise<number> {
  return runProgram({
    name: 'picloud-executor',
    about: ABOUT,
    settings: EXECUTOR_SETTINGS,
    args,
    env,
    start: async (configuration, logger): Promise<RunningProgram> => {
      const { stop } = await serve(configuration, logger)
      return { facts: { socket_path: configuration.executorSocket }, stop }
    },
  })
}
