#!/usr/bin/env node
/**
 * Entry of `picloud-manager`: the only file that reads the arguments and the environment.
 *
 * @module
 */
import { onRecentNode } from '@picloud/program/node-version'

process.exitCode = await onRecentNode('picloud-manager', async () => {
  const { runManager } = await import('./run-manager.ts')
  return runManager(process.argv.slice(2), process.env)
})
