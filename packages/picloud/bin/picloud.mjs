#!/usr/bin/env node
/**
 * Starts PiCloud on Node 24 or later: on the Node that runs this, or on the one the workspace
 * brought along. Plain JavaScript of long ago, so that an old Node can read it and say so.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const NODE_MAJOR_MIN = 24
const here = dirname(fileURLToPath(import.meta.url))
const main = join(here, '..', 'dist', 'main.js')

function fail(message) {
  process.stderr.write(`picloud: ${message}\n`)
  process.exit(1)
}

/** `node_modules/.bin/node` of this directory or of one above it. */
function bundledNode() {
  for (let directory = here; ; directory = dirname(directory)) {
    const candidate = join(directory, 'node_modules', '.bin', 'node')
    if (existsSync(candidate)) return candidate
    if (directory === dirname(directory)) return null
  }
}

/** Runs the program on another Node, in this one's place: same streams, signals and exit code. */
function hand(node) {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(`cannot run ${node}: ${error.message}`))
  child.on('exit', (code, signal) => {
    process.exit(signal === null ? code : 128 + constants.signals[signal])
  })
}

if (!existsSync(main)) fail('it is not built yet; run "npm run build" in the workspace.')

if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN) {
  await import(pathToFileURL(main).href)
} else {
  const node = bundledNode()
  if (node === null) {
    fail(`Node ${NODE_MAJOR_MIN} or later is needed; this is Node ${process.versions.node}.`)
  } else {
    hand(node)
  }
}
