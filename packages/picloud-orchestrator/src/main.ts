#!/usr/bin/env node
/**
 * Entry of `picloud-orchestrator`: says in one line when this Node is too old, before anything
 * that needs a newer one is loaded.
 *
 * @module
 */
export {}

const NODE_MAJOR_MIN = 24

if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) {
  const message = `Node ${NODE_MAJOR_MIN} or later is needed; this is Node ${process.versions.node}.`
  process.stderr.write(`picloud-orchestrator: ${message}\n`)
  process.exitCode = 1
} else {
  const { runOrchestrator } = await import('./run-orchestrator.ts')
  process.exitCode = await runOrchestrator(process.argv.slice(2), process.env)
}
