#!/usr/bin/env node
/**
 * Entry of `picloud-orchestrator`: the only file that reads the arguments and the environment.
 *
 * @module
 */
import { onRecentNode } from '@picloud/program/node-version'

process.exitCode = await onRecentNode('picloud-orchestrator', async () => {
  const { runOrchestrator } = await import('./run-orchestrator.ts')
  return runOrchestrator(process.argv.slice(2), process.env)
})
