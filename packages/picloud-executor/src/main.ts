#!/usr/bin/env node
/**
 * Entry of `picloud-executor`: the only file that reads the arguments and the environment.
 *
 * @module
 */
import { onRecentNode } from '@picloud/program/node-version'

process.exitCode = await onRecentNode('picloud-executor', async () => {
  const { runExecutor } = await import('./run-executor.ts')
  return runExecutor(process.argv.slice(2), process.env)
})
